import { exponentOf } from '#bench/growth/exponent';
import { growthClaim } from '#bench/growth/growth';
import { restartGrowths, leftClaims } from '#bench/growth/restarts';
import { textFrame, upgradeRequest } from '#bench/relay/client-frames';
import { PATH, SUBPROTOCOL } from '#bench/ground/wire';
import { SESSION_PATH, SUBPROTOCOLS } from '@guruconnect/shared/relay-protocol';
import { test } from 'tap';

const XS = [1, 3, 10, 30, 100, 300, 1000];
const close = (value: number, wanted: number): boolean => Math.abs(value - wanted) < 1e-9;

test('the exponent of a power is that power', (t) => {
  for (const power of [0, 0.5, 1, 2])
    t.ok(close(exponentOf(XS.map((x) => [x, 7 * x ** power])), power), `${power}`);
  t.end();
});

test('what grows only at the end is not hidden by what costs the same at any size', (t) => {
  const points = XS.map((x) => [x, 1000 + x ** 2] as const);
  t.ok(exponentOf(points) > 1.1, `${exponentOf(points)}`);
  t.end();
});

test('a growth that is quadratic does not hold, one that is proportional does', (t) => {
  const growth = { what: 'agents', title: '', x: '', y: '', name: '', others: {} };
  const holds = (power: number) => growthClaim({ ...growth, points: XS.map((x) => [x, x ** power]) }).holds;
  t.same([holds(2), holds(1)], [false, true]);
  t.end();
});

test('a heap that keeps 2 kB of each restart does not hold, and a short run claims nothing', (t) => {
  const marks = (bytes: number) =>
    XS.map((restarts) => ({
      kind: 'mark' as const,
      restarts,
      ms: restarts * 70,
      heapBytes: 8e6 + bytes * restarts,
    }));
  t.same(
    [2000, 900].map((bytes) => leftClaims(marks(bytes)).map(({ holds }) => holds)),
    [[false], [true]],
  );
  t.same(leftClaims(marks(2000).slice(0, 3)), []);
  t.equal(restartGrowths(marks(900)).length, 2);
  t.end();
});

test('bare programs speak the protocol that the product speaks', (t) => {
  t.equal(PATH, SESSION_PATH);
  t.equal(SUBPROTOCOL, SUBPROTOCOLS[0]);
  t.match(upgradeRequest('127.0.0.1:1', 'cak_x'), /^GET \/v1\/agent HTTP\/1\.1\r\n[^]*\r\n\r\n$/);
  t.end();
});

test('a frame by hand has the length that RFC 6455 wants', (t) => {
  const short = textFrame({ a: 1 });
  t.same([...short.subarray(0, 6)], [0x81, 0x80 | 7, 0, 0, 0, 0]);
  const long = textFrame({ a: 'x'.repeat(300) });
  t.equal(long.readUInt8(1), 0x80 | 126);
  t.equal(long.readUInt16BE(2), long.length - 8);
  t.end();
});
