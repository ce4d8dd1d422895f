// `npm start`: a relay of its own on loopback, and the agent in console mode connected to it.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, setUp } from './setup.mjs';

const EXIT_FAILED = 1;

setUp();

const { startRelay } = await import('@guruconnect/relay');
const { loadChild } = await import('@guruconnect/native');
const token = randomBytes(24).toString('base64url');
const relay = await startRelay({ enrollTokens: [token] });
const data = mkdtempSync(join(tmpdir(), 'guruconnect-start-'));

const agent = spawn(
  process.execPath,
  [
    join(ROOT, 'packages', 'supervisor', 'bin', 'guruconnect.js'),
    'console',
    ...['--relay', relay.url, '--data', data, '--stop-with-parent'],
    ...process.argv.slice(2),
  ],
  // The token goes over the environment: an argv is visible to every user of the machine.
  { stdio: 'inherit', env: { ...process.env, GURUCONNECT_ENROLL_TOKEN: token } },
);

// The terminal sends a Ctrl-C to the agent as well; here it only must not end the relay before the agent has said goodbye.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGBREAK']) process.on(signal, () => undefined);
process.on('SIGTERM', () => agent.kill('SIGTERM'));
// npm hands a signal to its shell only, which dies of it and tells nobody: its death is the signal then.
if (process.env.npm_lifecycle_event === 'start') {
  loadChild()?.setParentDeathSignal(constants.signals.SIGTERM);
}

const { code, signal } = await new Promise((resolve) => {
  agent.once('exit', (code, signal) => resolve({ code, signal }));
});

if (signal !== null) process.stdout.write(`The agent was ended by ${signal}.\n`);
const closed = relay.events.findLast((event) => event.kind === 'session-closed');
if (closed !== undefined) {
  process.stdout.write(`The relay saw the session close: ${closed.code} ${closed.reason}\n`);
}
await relay.close();
// The logs stay where the agent said they are; the credential was for a relay that is gone.
rmSync(join(data, 'credential.json'), { force: true });
if (!existsSync(join(data, 'logs'))) rmSync(data, { recursive: true, force: true });

const wasOnline = relay.events.some((event) => event.kind === 'session-online');
const goodbye = !wasOnline || (closed?.code === 1001 && closed.reason === 'service stop');
if (signal !== null) process.exitCode = EXIT_FAILED;
else process.exitCode = code === 0 && !goodbye ? EXIT_FAILED : code;
