import { test } from 'tap';
import { assertConfined } from '../helpers/confined.ts';
import { fixture, startProgram } from '../helpers/program.ts';

const hasModel = process.allowedNodeEnvironmentFlags.has('--permission');
const POSIX_ONLY = process.platform === 'win32' ? 'the Windows suites do it their way' : false;

test('a worker that was taken over finds little to use', { skip: POSIX_ONLY }, async (t) => {
  if (!hasModel)
    t.comment(`not checked: Node ${process.version} has no permission model; test/windows has one that has`);
  const data = t.testdir();
  const env = {
    NODE_EXTRA_CA_CERTS: '/dev/null',
    NODE_OPTIONS: '--no-deprecation',
    SSL_CERT_FILE: '/dev/null',
  };
  const supervisor = startProgram(fixture('supervisor'), [data, fixture('worker-tries')], { env });
  t.equal((await supervisor.ended).code, 1);
  assertConfined(t, data, hasModel);
});
