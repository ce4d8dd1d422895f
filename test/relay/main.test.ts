import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startRelay, type Relay } from '@guruconnect/relay';
import t, { type Test } from 'tap';
import { FACTS, online, postEnroll, SOON, TOKEN } from './agent.ts';

const MAIN = fileURLToPath(new URL('main.js', import.meta.resolve('@guruconnect/relay')));

const run = (t: Test, ...args: string[]) => {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.on('data', (data) => (errors += String(data)));
  const lines = createInterface({ input: child.stdout });
  const output = lines[Symbol.asyncIterator]();
  const ended = once(child, 'close').then(([code]: unknown[]) => ({ code, errors }));
  /** The next line of output that matches. */
  const line = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const result: IteratorResult<string, unknown> = await output.next();
      if (result.done === true) throw new Error(`ended without ${pattern}: ${errors}`);
      const match = pattern.exec(result.value);
      if (match !== null) return match;
    }
  };
  return { child, ended, line };
};

/** What the helpers need of a relay that runs in another process. */
const at = (url: string): Relay => ({ url }) as Relay;

t.test('it says where it listens and what to paste, then tells of each event in one line', async (t) => {
  const program = run(t, '--port', '0', '--token', TOKEN);
  const [, url = ''] = await program.line(/^relay: (ws:\/\/127\.0\.0\.1:\d+)$/);
  await program.line(new RegExp(`^npm run worker -- --relay ${url} --enroll-token ${TOKEN}$`));
  const agent = await online(at(url));
  await program.line(new RegExp(`^enrolled agentId=${agent.agentId} machineId=${FACTS.machineId}$`));
  await program.line(new RegExp(`^session-opened sessionId=${agent.sessionId}`));
  await program.line(/^session-online .*platform="win32 10\.0\.19045 x64"/);
  agent.socket.close(1001, 'service stop\u001b[2J\u009b\u202e');
  const [closed] = await program.line(/^session-closed .*$/);
  t.match(closed, String.raw`code=1001 reason="service stop\u001b[2J\u009b\u202e" wasClean=true`);
});

t.test('it generates a token that enrols, and can be pasted', async (t) => {
  const program = run(t);
  const [, url = ''] = await program.line(/^relay: (.+)$/);
  const [, token = ''] = await program.line(/^enrolment token: (enroll_[\w-]{32})$/);
  await program.line(new RegExp(`^npm run worker -- --relay ${url} --enroll-token ${token}$`));
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  t.equal((await postEnroll(at(url), { headers })).status, 201);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  t.test(`on ${signal} it closes its sessions and ends well`, async (t) => {
    const program = run(t, '--token', TOKEN);
    const [, url = ''] = await program.line(/^relay: (.+)$/);
    const agent = await online(at(url));
    program.child.kill(signal);
    t.match(await agent.closed, { code: 1012 });
    t.match(await program.ended, { code: 0, errors: '' });
  });
}

t.test('a second signal ends it at once', async (t) => {
  const program = run(t, '--token', TOKEN);
  const [, url = ''] = await program.line(/^relay: (.+)$/);
  const agent = await online(at(url));
  // Silent, so that the first signal leaves the relay waiting for the answer to its close frame.
  agent.socket.pause();
  program.child.kill('SIGINT');
  program.child.kill('SIGTERM');
  t.match(await program.ended, { code: 1 });
  agent.socket.terminate();
});

t.test('a port in use is one line and exit code 1', async (t) => {
  const relay = await startRelay({ port: 0, enrollTokens: [] });
  t.teardown(relay.close);
  const { code, errors } = await run(t, '--port', String(relay.port)).ended;
  t.equal(code, 1);
  t.equal(errors, `relay: port in use: 127.0.0.1 port ${relay.port}\n`);
});

const wrong: Record<string, readonly string[]> = {
  'an unknown option': ['--verbose'],
  'a word': ['start'],
  'a port that is no number': ['--port', '80a'],
  'a port beyond the last': ['--port', '65536'],
  'a port without its value': ['--port'],
  'a token that a shell would split': ['--token', 'two words'],
  'an empty token': ['--token', ''],
  'every interface': ['--host', '0.0.0.0'],
  'an empty host': ['--host', ''],
  'a name that could be anywhere': ['--host', 'example.com'],
};
for (const [situation, args] of Object.entries(wrong)) {
  t.test(`${situation} is a usage error of one line`, { timeout: 2 * SOON }, async (t) => {
    const { code, errors } = await run(t, ...args).ended;
    t.equal(code, 2);
    t.match(errors, /^relay: .+ \(usage: .+\)\n$/);
  });
}

t.test('another host than loopback is allowed if insisted on', async (t) => {
  const program = run(t, '--host', '0.0.0.0', '--allow-remote');
  await t.resolves(program.line(/^relay: ws:\/\/0\.0\.0\.0:\d+$/));
});

t.test('help is on standard output', async (t) => {
  const program = run(t, '--help');
  await t.resolves(program.line(/^usage: /));
  t.match(await program.ended, { code: 0 });
});
