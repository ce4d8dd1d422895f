import { type Claim, claimOf, notMeasured, plainClaim } from '#bench/claim';
import { tableOf, wrap } from '#bench/table';
import { test } from 'tap';

const CLAIM = {
  name: 'stop: SCM Stop with a connected session until STOPPED, in the median',
  limit: 1.05,
  unit: 'x the C service host with the same worker',
  floor: 1,
  peers: { 'seed policy': 1.9, NSSM: null },
} as const;
const WIDTH = 120;

test('a table fits a terminal, whatever is in it', (t) => {
  const long = {
    ...CLAIM,
    name: 'a'.repeat(200),
    unit: 'b '.repeat(100),
    value: 123_456_789.123,
    limit: 1e12,
  };
  const peers = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`peer-${i}`, i / 7]));
  const table = tableOf([claimOf(long), claimOf({ ...CLAIM, value: 1.0499, peers })]);
  for (const line of table.split('\n')) t.ok(line.length <= WIDTH, line);
  t.match(table, /peer-11/);
  t.end();
});

test('a claim that misses its limit by little is seen to miss it', (t) => {
  const table = tableOf([claimOf({ ...CLAIM, value: 1.053 })]);
  t.match(table, /1\.053 +<= 1\.05 +NO/);
  t.match(table, /0 of 1 claims hold, 1 do not/);
  t.end();
});

test('what was not measured does not hold, and is told from what never ended', (t) => {
  const claims = [notMeasured(CLAIM, 'there is no Wine'), claimOf({ ...CLAIM, value: Infinity })];
  t.same(
    claims.map(({ holds, value }) => [holds, value]),
    [
      [false, null],
      [false, null],
    ],
  );
  const table = tableOf(claims);
  t.match(table, /not had/);
  t.match(table, / never /);
  t.match(table, /^not measured: stop: .*: there is no Wine$/m);
  t.match(table, /0 of 2 claims hold, 1 do not, 1 not measured/);
  t.end();
});

test('a claim of at least holds from its limit on, and one of nothing measured never', (t) => {
  const least = { ...CLAIM, limit: 0.7, least: true } as const;
  t.same(
    [0.69, 0.7, 0.9, NaN].map((value) => claimOf({ ...least, value }).holds),
    [false, true, true, false],
  );
  t.same(
    [1.06, 1.05, 0, NaN].map((value) => claimOf({ ...CLAIM, value }).holds),
    [false, true, true, false],
  );
  t.end();
});

test('JSON has of a claim what was promised and nothing else', (t) => {
  const claim: Claim = notMeasured({ ...CLAIM, least: true }, 'why');
  t.same(Object.keys(plainClaim(claim)), ['name', 'value', 'limit', 'holds', 'unit', 'floor', 'peers']);
  t.end();
});

test('words are wrapped, and no letter is lost', (t) => {
  t.same(wrap('one two three', 7), ['one two', 'three']);
  t.same(wrap('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
  t.same(wrap('', 4), ['']);
  t.end();
});
