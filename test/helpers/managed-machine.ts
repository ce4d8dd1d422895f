/** A Windows machine in memory: fake SCM, the agent as its program, a disk, and the management flows on top. */
import type { InstallPorts, InstallRequest } from '@guruconnect/supervisor/manage/install-service';
import { ensureRecovery } from '@guruconnect/supervisor/manage/recovery';
import { imagePath } from '@guruconnect/supervisor/manage/service-definition';
import type { ManagePorts } from '@guruconnect/supervisor/manage/ports';
import { awaitArrival } from '@guruconnect/supervisor/manage/arrival';
import type { Answer } from '@guruconnect/supervisor/status-client';
import { type FakeAgent, createFakeAgent } from './fake-agent.ts';
import { type FakeClock, createFakeClock } from './fake-clock.ts';
import { type FakeRegistry, createFakeRegistry, fakeEventSource } from './fake-event-source.ts';
import { type FakeScm, createFakeScm } from './fake-scm.ts';
import { elapse, runToEnd } from './run-to-end.ts';

export const NAME = 'GuruConnectAgent';
export const DATA = 'C:\\ProgramData\\GuruConnect';

/** The program of a version: the worker of `bad` dies at its start, that of `weak` a moment after its hello. */
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
  readonly weak: FakeAgent;
  readonly disk: FakeAgent['disk'];
  readonly registry: FakeRegistry;
  /** What has been waited for. */
  readonly progress: string[];
  /**
   * A fresh program's ports; one that is gone with the power has to be made anew.
   * @param messageFile the program's own.
   */
  ports(elevated?: boolean, messageFile?: string): InstallPorts;
  run<T>(work: Promise<T>): Promise<T>;
  elapse(ms: number): Promise<void>;
  online(): boolean;
  processes(): number;
  /** Which version's image path is registered. */
  registered(): string | undefined;
}

export const MESSAGE_FILE = 'C:\\Program Files\\GuruConnect\\v1\\guruconnect.node';

const managePorts = (machine: ManagedMachine, elevated: boolean, messageFile: string): ManagePorts => ({
  manager: machine.scm.manager(NAME, elevated),
  clock: machine.clock,
  progress: {
    step: (what) => {
      machine.progress.push(what);
    },
  },
  eventSource: fakeEventSource(machine.registry, messageFile),
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
});

/** What the supervisor would tell of itself. */
const answerOf = (machine: ManagedMachine): Answer => {
  const pid = machine.scm.process(NAME)?.pid;
  if (pid === undefined) return { kind: 'nobody' };
  const link = { state: machine.online() ? 'online' : 'connecting', relay: 'wss://relay.example' } as const;
  const facts = { version: 1, product: '0', mode: 'service', startedAt: '', service: 'running' } as const;
  return { kind: 'answer', ageMs: 0, live: { ...facts, pid, link } };
};

export const createManagedMachine = (): ManagedMachine => {
  const clock = createFakeClock();
  const disk = { note: false, config: undefined };
  const atStart = () => ensureRecovery(scm.manager(NAME));
  const good = createFakeAgent(clock, disk, atStart);
  const bad = createFakeAgent(clock, disk, atStart);
  const weak = createFakeAgent(clock, disk, atStart);
  bad.behave({ hello: 'dies' });
  weak.behave({ dies: 50 });
  const programs = (path: string) => {
    if (path.includes('\\weak')) return weak.program;
    return path.includes('\\bad') ? bad.program : good.program;
  };
  const scm = createFakeScm(clock, (path) => (path.includes('\\missing') ? undefined : programs(path)));
  const progress: string[] = [];
  const machine: ManagedMachine = {
    clock,
    scm,
    good,
    bad,
    weak,
    disk,
    registry: createFakeRegistry(),
    progress,
    ports: (elevated = true, messageFile = MESSAGE_FILE) => {
      const ports = managePorts(machine, elevated, messageFile);
      return {
        ...ports,
        configStore: {
          read: () => Promise.resolve(machine.disk.config),
          write: async (text) => {
            await Promise.resolve();
            machine.disk.config = text;
          },
        },
        arrive: () => awaitArrival(ports, () => Promise.resolve(answerOf(machine))),
      };
    },
    run: (work) => runToEnd(clock, work),
    elapse: (ms) => elapse(clock, ms),
    online: () => [good, bad, weak].some((agent) => agent.online()),
    processes: () => good.processes() + bad.processes() + weak.processes(),
    registered: () => {
      const path = scm.service(NAME)?.config.imagePath;
      return ['v1', 'v2', 'bad', 'weak', 'missing'].find((version) => path === imagePath(programOf(version)));
    },
  };
  return machine;
};
