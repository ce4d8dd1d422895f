// `service-run` as Windows starts it, with stand-ins for the SCM and for CreateProcess in place of the addon: it is started, and a SIGTERM is its Stop.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SCM_EVENT, type ScmAddon } from '@guruconnect/native';
import { runServiceCommand } from '@guruconnect/supervisor/service-command';
import type { Launch } from '@guruconnect/supervisor/worker-program';

process.title = 'guruconnect';
const STOP = 1;
const STOPPED = 1;
let on: Parameters<ScmAddon['scmConnect']>[2] = () => undefined;

const addon: ScmAddon = {
  scmConnect: (_name, _bounds, onEvent) => {
    on = onEvent;
    setImmediate(() => {
      on(SCM_EVENT.started, 0);
    });
  },
  scmNotes: () => undefined,
  scmSetStatus: (state) => {
    if (state === STOPPED)
      setImmediate(() => {
        on(SCM_EVENT.ended, 0);
      });
    return 0;
  },
  scmServiceName: () => 'bench',
  scmStartReason: () => 1,
};
process.on('SIGTERM', () => {
  on(SCM_EVENT.control, STOP);
});

/** The worker in a group of its own. */
const launch: Launch = ({ executable, args, env }) => {
  const child = spawn(executable, args, { env, stdio: ['pipe', 'ignore', 'pipe'], detached: true });
  const { pid = 0 } = child;
  return {
    pid,
    stderr: child.stderr,
    ended: once(child, 'exit').then(([code, signal]: (number | string | null)[]) => ({
      kind: 'exited',
      code: typeof code === 'number' ? code : undefined,
      signal: typeof signal === 'string' ? signal : undefined,
    })),
    tell: (line) => {
      child.stdin.end(line);
    },
    kill: () => void process.kill(-pid, 'SIGKILL'),
  };
};
void runServiceCommand(process.argv.slice(2), addon, { launch }).then((code) => {
  process.exitCode = code;
});
