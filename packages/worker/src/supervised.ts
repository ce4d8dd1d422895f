/** The worker under a supervisor: it says hello before it loads the agent, as the service is Running from then on. */
import { once } from 'node:events';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { awaitParentDeath, dieWithSupervisor } from './parent-death.ts';
import { ignoreConsoleSignals } from './signals.ts';
import { joinSupervisor, readBootstrap } from './supervisor-pipe.ts';

export const runSupervised = async (): Promise<ExitCode> => {
  ignoreConsoleSignals();
  const bootstrap = await readBootstrap(process.stdin);
  dieWithSupervisor(bootstrap.supervisorPid);
  const pipe = await joinSupervisor(bootstrap);
  // A stop that comes while the agent is still being loaded does not wait for that.
  const stopped = pipe.signal.aborted ? Promise.resolve() : once(pipe.signal, 'abort');
  const agent = await Promise.race([import('./serve.ts'), stopped.then(() => undefined)]);
  if (agent === undefined) pipe.close();
  const code = await agent?.serve(pipe, bootstrap);
  // All that was sent has gone out then.
  await pipe.closed;
  if (pipe.signal.reason === 'supervisor-gone') await awaitParentDeath();
  return code ?? EXIT.ok;
};
