/** Whatever spelling a secret has in a log, it does not leave the machine. */
import { REMOVED, createScrub } from '@guruconnect/supervisor/diagnostics/scrub';
import { knownSecrets } from '@guruconnect/supervisor/diagnostics/secrets';
import { test } from 'tap';

const SECRETS = ['tok+en/of=the?test', 'pass wörd"1\\', 'cak_0123456789abcdefghijABCDEFGHIJ0123'];

/** Spelled by hand (base64 by `base64`, hexadecimal by `xxd`): a spelling that the code forgets is not forgotten here. Without a last digit that is shared. */
const SPELLED: readonly string[] = [
  ...['tok+en/of=the?test', 'tok%2Ben%2Fof%3Dthe%3Ftest', 'tok%252Ben%252Fof%253Dthe%253Ftest'],
  '%74%6f%6b%2b%65%6e%2f%6f%66%3d%74%68%65%3f%74%65%73%74',
  ...['dG9rK2VuL29mPXRoZT90ZXN0', '746f6b2b656e2f6f663d7468653f74657374'],
  ...['pass wörd"1\\', 'pass wörd\\"1\\\\', 'pass wörd\\\\\\"1\\\\\\\\'],
  ...['pass%20w%C3%B6rd%221%5C', 'pass%2520w%25C3%25B6rd%25221%255C', 'cGFzcyB3w7ZyZCIxX'],
  '7061737320 77c3b67264 22315c'.replaceAll(' ', ''),
];

test('every spelling of a secret is taken out, and what is around it stays', (t) => {
  const scrub = createScrub(SECRETS);
  for (const spelling of SPELLED) {
    const text = scrub(`before <${spelling}> after`);
    t.equal(text, `before <${REMOVED}> after`, spelling);
  }
  t.end();
});

test('in the middle of base64, wherever it begins, nothing of it can be read', (t) => {
  const scrub = createScrub(SECRETS);
  for (const secret of SECRETS) {
    for (const before of ['', 'a', 'ab', 'abc', 'user:']) {
      for (const encoding of ['base64', 'base64url'] as const) {
        const text = scrub(`x ${Buffer.from(`${before}${secret}!`).toString(encoding)} y`);
        const read = Buffer.from(text.replace('x ', '').split(REMOVED)[0] ?? '', 'base64').toString();
        t.ok(text.includes(REMOVED), `${before} ${encoding}`);
        t.notOk(read.includes(secret.slice(0, 4)));
      }
    }
  }
  t.end();
});

test('cases differ in hexadecimal and percent signs', (t) => {
  const scrub = createScrub(SECRETS);
  for (const spelling of [
    'TOK%2BEN%2FOF%3DTHE%3FTEST',
    'tok%2ben%2fof%3dthe%3ftest',
    '746F6B2B656E2F6F663D7468653F74657374',
  ])
    t.equal(scrub(spelling), REMOVED, spelling);
  t.end();
});

test('what looks like a secret of ours goes too, known or not', (t) => {
  const scrub = createScrub([]);
  t.equal(scrub('was cak_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.'), `was cak_${REMOVED}.`);
  t.equal(scrub('Authorization: Bearer abc.def-123'), `Authorization: Bearer ${REMOVED}`);
  t.equal(scrub('proxy-authorization: Basic dXNlcjpwdw=='), `proxy-authorization: Basic ${REMOVED}`);
  t.equal(
    scrub('http://ann:pw@proxy:3128/ and wss://relay.example/a@b'),
    `http://${REMOVED}@proxy:3128/ and wss://relay.example/a@b`,
  );
  t.equal(
    scrub('mail ann@example.org, a basic truth: {"link":"online"}'),
    'mail ann@example.org, a basic truth: {"link":"online"}',
  );
  t.end();
});

test('file, environment and flags all have secrets, and the proxy has several', (t) => {
  const secrets = knownSecrets(
    {
      flags: { enrollToken: 'flag-token' },
      env: { GURUCONNECT_ENROLL_TOKEN: 'env-token', GURUCONNECT_PROXY: 'http://proxy.example:1' },
      file: { path: 'x', content: { enrollToken: 'file-token', proxy: 'http://ann:p%40ss@proxy.example' } },
    },
    ['cak_x'],
  );
  t.same(
    [...secrets].sort(),
    [
      ...['ann:p%40ss', 'ann:p@ss', 'cak_x', 'env-token', 'file-token', 'flag-token'],
      ...['http://ann:p%40ss@proxy.example', 'p%40ss', 'p@ss'],
    ].sort(),
  );
  t.end();
});

const proxySecrets = (proxy: string): readonly string[] =>
  knownSecrets({ flags: {}, env: { GURUCONNECT_PROXY: proxy }, file: undefined }, []);

test('a password that is encoded badly, and half a character, are secrets like any other', (t) => {
  t.ok(proxySecrets('http://bob:100%secret@proxy:3128').includes('100%secret'));
  t.equal(createScrub(['half\ud800pair'])('<half\ud800pair>'), `<${REMOVED}>`);
  t.end();
});

test('a user without a password is a key; with one it is a name', (t) => {
  const key = proxySecrets('http://apikey%2D9f8e7d:@p');
  t.ok(
    ['apikey-9f8e7d', 'apikey%2D9f8e7d', 'apikey-9f8e7d:'].every((one) => key.includes(one)),
    key.join(' '),
  );
  t.notOk(proxySecrets('http://guru:p4ss@p').includes('guru'));
  t.same(proxySecrets('http://p:1'), []);
  t.end();
});

test('what the image path of the service is given is secret as well', (t) => {
  const sources = { flags: {}, env: {}, file: undefined };
  const line = '"C:\\gc.exe" service-run --enroll-token path-token --proxy=http://a:path-pass@p';
  t.ok(['path-token', 'path-pass'].every((one) => knownSecrets(sources, [], line).includes(one)));
  t.end();
});

test('a log as long as an archive has room for is scrubbed in seconds', (t) => {
  const line = `{"level":"info","time":"2026-01-01T00:00:00.000Z","link":"online","msg":"the link is online"}\n`;
  const text = line.repeat(Math.ceil((8 * 1024 * 1024) / line.length));
  const start = performance.now();
  t.equal(createScrub(SECRETS)(text).length, text.length);
  const ms = performance.now() - start;
  t.comment(`8 MiB in ${Math.round(ms)} ms`);
  t.ok(ms < 10_000);
  t.end();
});
