/** An installed service on the fake SCM whose processes the test plays itself. */
import { serviceConfig } from '@guruconnect/supervisor/manage/service-definition';
import type { ServiceManager } from '@guruconnect/supervisor/manage/service-manager';
import { createFakeClock } from '../../helpers/fake-clock.ts';
import { type FakeScm, createFakeScm } from '../../helpers/fake-scm.ts';
import type { FakeProcess } from '../../helpers/fake-scm-service.ts';
import { elapse } from '../../helpers/run-to-end.ts';

export const NAME = 'Tested';
export const CONFIG = serviceConfig({ executable: 'C:\\n.exe', script: 'C:\\s.js', data: 'C:\\d' });
export const STATUS = {
  controlsAccepted: 0,
  win32ExitCode: 0,
  serviceExitCode: 0,
  checkPoint: 0,
  waitHint: 0,
};
export const RUNNING = { ...STATUS, state: 'running', controlsAccepted: 5 } as const;
export const STOPPED = { ...STATUS, state: 'stopped' } as const;
export const FAILED = { ...STOPPED, win32ExitCode: 1066, serviceExitCode: 1 };

export interface Stage {
  readonly scm: FakeScm;
  readonly manager: ServiceManager;
  readonly processes: FakeProcess[];
  readonly last: () => FakeProcess;
  readonly elapse: (ms: number) => Promise<void>;
}

/** An installed service whose processes the test plays itself. */
export const stage = async (): Promise<Stage> => {
  const clock = createFakeClock();
  const processes: FakeProcess[] = [];
  const scm = createFakeScm(clock, () => (process) => processes.push(process));
  const manager = scm.manager(NAME);
  await manager.create(CONFIG);
  return {
    scm,
    manager,
    processes,
    last: () => {
      const process = processes.at(-1);
      if (process === undefined) throw new Error('nothing was started');
      return process;
    },
    elapse: (ms) => elapse(clock, ms),
  };
};

/** The process vanishes, started first if need be; then `delayMs` pass. */
export const crash = async ({ manager, last, elapse: pass }: Stage, delayMs: number): Promise<void> => {
  if ((await manager.status()).state === 'stopped') await manager.start();
  last().exit(1);
  await pass(delayMs);
};
