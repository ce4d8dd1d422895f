import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childExit } from '@guruconnect/supervisor/child-exit';
import { toldSecrets } from '@guruconnect/supervisor/told-secrets';
import { Readable } from 'node:stream';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const PROXY = 'http://user:pass@proxy.example:3128';

test('the token and the proxy are secrets, given or in the file', (t) => {
  const data = tempDir(t);
  t.same(toldSecrets({ data }), [], 'there is no file');
  writeFileSync(
    join(data, 'config.json'),
    JSON.stringify({ enrollToken: 't0ken', proxy: PROXY, relay: 'wss://r' }),
  );
  t.same(toldSecrets({ data, enrollToken: 'other' }), ['other', 't0ken', PROXY]);
  writeFileSync(join(data, 'config.json'), JSON.stringify({ enrollToken: 7, proxy: 'system' }));
  t.same(toldSecrets({ data }), [], 'the system’s own is none');
  writeFileSync(join(data, 'config.json'), '{"enrollToken": "t0k');
  t.same(toldSecrets({ data }), [], 'a file that cannot be understood says nothing');
  t.end();
});

test('what a worker has written to its stderr is told without them', async (t) => {
  const stderr = Readable.from([Buffer.from(`Error: ${PROXY} says no\n    at t0ken\n`)]);
  const child = {
    pid: 1,
    stderr,
    ended: Promise.resolve({ kind: 'exited', code: 1, signal: undefined } as const),
    tell: () => undefined,
    kill: () => undefined,
  };
  const exit = await childExit(child, () => ['t0ken', PROXY]);
  t.same(exit.lastWords, ['Error: … says no', '    at …']);
});
