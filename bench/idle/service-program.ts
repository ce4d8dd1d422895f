// `service-run` as Windows starts it, with a stand-in for the SCM in place of the addon: it is started, and a SIGTERM is its Stop.
import { SCM_EVENT, type ScmAddon } from '@guruconnect/native';
import { runServiceCommand } from '@guruconnect/supervisor/service-command';

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
process.exitCode = await runServiceCommand(process.argv.slice(2), addon);
