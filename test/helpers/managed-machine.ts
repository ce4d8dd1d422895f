/** A Windows machine in memory: fake SCM, the agent as its program, a disk, and the management flows on top. */
import type { InstallPorts, InstallRequest } from '@guruconnect/supervisor/manage/install-service';
import { ensureRecovery } from '@guruconnect/supervisor/manage/recovery';
import { imagePath } from '@guruconnect/supervisor/manage/service-definition';
import { type FakeAgent, createFakeAgent } from './fake-agent.ts';
import { type FakeClock, createFakeClock } from './fake-clock.ts';
import { type FakeScm, createFakeScm } from './fake-scm.ts';
import { elapse, runToEnd } from './run-to-end.ts';

export const NAME = 'GuruConnectAgent';
export const DATA = 'C:\\ProgramData\\GuruConnect';

/** The program of a version; one whose name begins with `bad` has a worker that dies at its start. */
export const programOf = (version: string) => ({
  executable: `C:\\Program Files\\GuruConnect\\${version}\\node.exe`,
  script: `C:\\Program Files\\GuruConnect\\${version}\\guruconnect.js`,
  data: DATA,
});

export const request = (version: string, rest: Partial<InstallRequest> = {}): InstallRequest => ({
  program: programOf(version),
  config: `{"version":"${version}"}`,
  start: true,
  ...rest,
});

export interface ManagedMachine {
  readonly clock: FakeClock;
  readonly scm: FakeScm;
  readonly good: FakeAgent;
  readonly bad: FakeAgent;
  readonly disk: FakeAgent['disk'];
  /** What has been waited for. */
  readonly progress: string[];
  /** A fresh program's ports; one that is gone with the power has to be made anew. */
  ports(elevated?: boolean): InstallPorts;
  run<T>(work: Promise<T>): Promise<T>;
  elapse(ms: number): Promise<void>;
  online(): boolean;
  processes(): number;
  /** Which version's image path is registered. */
  registered(): string | undefined;
}

export const createManagedMachine = (): ManagedMachine => {
  const clock = createFakeClock();
  const disk = { note: false, config: undefined };
  const atStart = () => ensureRecovery(scm.manager(NAME));
  const good = createFakeAgent(clock, disk, atStart);
  const bad = createFakeAgent(clock, disk, atStart);
  bad.behave({ hello: 'dies' });
  const programs = (path: string) => (path.includes('\\bad') ? bad.program : good.program);
  const scm = createFakeScm(clock, (path) => (path.includes('\\missing') ? undefined : programs(path)));
  const progress: string[] = [];
  const machine: ManagedMachine = {
    clock,
    scm,
    good,
    bad,
    disk,
    progress,
    ports: (elevated = true) => ({
      manager: scm.manager(NAME, elevated),
      clock,
      progress: {
        step: (what) => {
          progress.push(what);
        },
      },
      stopNote: {
        isThere: () => Promise.resolve(machine.disk.note),
        leave: async () => {
          await Promise.resolve();
          machine.disk.note = true;
        },
        remove: async () => {
          await Promise.resolve();
          machine.disk.note = false;
        },
      },
      configStore: {
        read: () => Promise.resolve(machine.disk.config),
        write: async (text) => {
          await Promise.resolve();
          machine.disk.config = text;
        },
      },
    }),
    run: (work) => runToEnd(clock, work),
    elapse: (ms) => elapse(clock, ms),
    online: () => good.online() || bad.online(),
    processes: () => good.processes() + bad.processes(),
    registered: () => {
      const path = scm.service(NAME)?.config.imagePath;
      return ['v1', 'v2', 'bad', 'missing'].find((version) => path === imagePath(programOf(version)));
    },
  };
  return machine;
};
