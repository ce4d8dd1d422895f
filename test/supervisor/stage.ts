/** `supervise` among fakes. */
import type { Control } from '@guruconnect/shared/pipe-protocol';
import type { Notice } from '@guruconnect/supervisor/host';
import { type Supervision, supervise } from '@guruconnect/supervisor/supervise';
import { type FakeClock, createFakeClock } from '../helpers/fake-clock.ts';
import { type FakeHost, createFakeHost } from '../helpers/fake-host.ts';
import { type FakeWorker, createFakeWorkers } from '../helpers/fake-worker.ts';

export interface Stage {
  readonly clock: FakeClock;
  readonly host: FakeHost;
  readonly spawned: readonly FakeWorker[];
  readonly notices: readonly Notice[];
  readonly supervision: Supervision;
}

export interface StageParts {
  /** Hears of every call of a port before it is taken, and may throw. */
  readonly before?: (call: string) => void;
  readonly atSpawn?: (worker: FakeWorker) => void;
  /** Controls that came before anybody listened. */
  readonly early?: readonly Control[];
}

export const setStage = ({ before = () => undefined, atSpawn, early = [] }: StageParts = {}): Stage => {
  const clock = createFakeClock();
  const host = createFakeHost(before);
  const workers = createFakeWorkers(before, atSpawn);
  const notices: Notice[] = [];
  for (const control of early) host.control(control);
  const supervision = supervise({
    host,
    spawnWorker: workers.spawnWorker,
    clock,
    notice: (notice) => {
      before(`notice ${notice.kind}`);
      notices.push(notice);
    },
  });
  // A test that cares for a rejection asks for it later than it comes.
  supervision.done.catch(() => undefined);
  return { clock, host, spawned: workers.spawned, notices, supervision };
};

/** The one worker of a stage. */
export const workerOf = ({ spawned }: Stage): FakeWorker => {
  const [worker, second] = spawned;
  if (worker === undefined || second !== undefined) throw new Error(`${spawned.length} workers`);
  return worker;
};

/** A stage with its worker, after the hello. */
export const running = (parts?: StageParts): Stage & { readonly worker: FakeWorker } => {
  const stage = setStage(parts);
  const worker = workerOf(stage);
  worker.on.ready();
  return { ...stage, worker };
};
