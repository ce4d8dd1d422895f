/** Real processes behind a proxy that asks for a password, at a relay that only our own authority vouches for. */
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ofKind } from '@guruconnect/relay';
import { type Test, test } from 'tap';
import { CA_FILE } from '../helpers/certificates.ts';
import { startProxy } from '../helpers/connect-proxy.ts';
import { GURUCONNECT, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { SOON, TOKEN } from '../relay/agent.ts';
import { secured } from '../worker/network/way.ts';

const POSIX_ONLY = {
  skip: process.platform === 'win32' ? 'signals are sent: the Windows suites do it their way' : false,
};
const USER = 'agent:hunter2';
const SECRETS = ['hunter2', Buffer.from(USER).toString('base64')];

/** A relay, a proxy, and a data folder with a configuration of all but the proxy. */
const place = async (t: Test) => {
  const { relay, front } = await secured(t);
  const proxy = await startProxy(t, { user: USER });
  const data = tempDir(t);
  copyFileSync(CA_FILE, join(data, 'ca.pem'));
  const config = { relay: front.url, enrollToken: TOKEN, ca: 'ca.pem', logLevel: 'debug' };
  writeFileSync(join(data, 'config.json'), JSON.stringify(config));
  return { relay, front, proxy, data, url: `http://${USER}@${proxy.address}` };
};

const start = (t: Test, args: readonly string[], env: Readonly<Record<string, string>>) => {
  const program = startProgram(GURUCONNECT, args, { env });
  t.teardown(() => {
    program.kill('SIGKILL');
  });
  return program;
};

/** Every file below a folder, as one text. */
const contentOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');

test(
  'under a supervisor the proxy and its password go to the worker by its stdin alone',
  POSIX_ONLY,
  async (t) => {
    const { relay, front, proxy, data, url } = await place(t);
    const env = { GURUCONNECT_PROXY: url, GURUCONNECT_TEST_MARK: 'passed-on' };
    const supervisor = start(t, ['console', '--data', data], env);
    const [, pid] = await supervisor.seen(/worker: pid (\d+)[^]*link: online/);
    const [environment = '', args = ''] = ['environ', 'cmdline'].map((file) =>
      readFileSync(`/proc/${pid ?? ''}/${file}`, 'utf8'),
    );
    t.match(environment, /GURUCONNECT_TEST_MARK=passed-on/, 'this is really its environment');
    supervisor.kill('SIGINT');
    const { stdout, stderr, code } = await supervisor.ended;
    t.equal(code, 0);
    const files = contentOf(data);
    t.match(files, `"via":"http://${proxy.address}"`, 'these are really its logs');
    for (const secret of SECRETS) {
      for (const text of [environment, args, stdout, stderr, files]) t.notOk(text.includes(secret));
    }
    t.ok(relay.events.some(ofKind('session-online')));
    t.same(front.peers, proxy.ports);
  },
);

test(
  'alone as well, and when Node and its libraries are told to debug no password is told either',
  POSIX_ONLY,
  async (t) => {
    const { relay, front, proxy, data, url } = await place(t);
    const worker = start(t, ['worker', '--data', data, '--proxy', url], {
      DEBUG: '*',
      NODE_DEBUG: 'http,https,net,tls,stream',
    });
    await relay.waitFor(ofKind('session-online'), SOON);
    worker.kill('SIGINT');
    const { stdout, stderr, code } = await worker.ended;
    t.equal(code, 0);
    t.match(stderr, /^HTTP \d+: /m, 'it is really told to debug');
    for (const secret of SECRETS) t.notOk(`${stdout}${stderr}${contentOf(data)}`.includes(secret));
    t.same(front.peers, proxy.ports);
  },
);

for (const command of ['console', 'worker']) {
  test(`${command} with certificates that cannot be used ends with 2, in one line that says where they are named`, async (t) => {
    const data = tempDir(t);
    writeFileSync(join(data, 'ca.pem'), 'hunter2');
    writeFileSync(join(data, 'config.json'), JSON.stringify({ relay: 'wss://relay.example', ca: 'ca.pem' }));
    const { code, stderr } = await start(t, [command, '--data', data], {}).ended;
    t.equal(code, 2);
    const where = `${join(data, 'config.json')}: ca: ${join(data, 'ca.pem')}`;
    t.match(stderr, new RegExp(`^guruconnect( worker)?: ${where}: holds no PEM certificate\n$`));
  });
}
