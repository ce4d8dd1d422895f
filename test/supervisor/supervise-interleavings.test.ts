/** Whatever happens in whatever order, what the host hears and the worker feels is what the pure machine says. */
import type { Control } from '@guruconnect/shared/pipe-protocol';
import {
  type ServiceEffect,
  type ServiceEvent,
  startService,
  stepService,
} from '@guruconnect/supervisor/machine';
import fc from 'fast-check';
import { test } from 'tap';
import { showReport } from '../helpers/fake-host.ts';
import type { FakeWorker } from '../helpers/fake-worker.ts';
import { type Stage, setStage, workerOf } from './stage.ts';

const WORKER_CUES = {
  ready: { kind: 'worker-ready' },
  lost: { kind: 'pipe-lost' },
  hung: { kind: 'worker-hung' },
  exit: { kind: 'worker-exited' },
} as const satisfies Readonly<Record<string, ServiceEvent>>;
type WorkerCue = keyof typeof WORKER_CUES;
type Cue = WorkerCue | Control | 'beat' | 'fault' | 'time';

interface Story {
  /** What the worker says while it is being spawned. */
  readonly atSpawn: readonly WorkerCue[];
  /** Controls from before anybody listened. */
  readonly early: readonly Control[];
  readonly cues: readonly Cue[];
}

const isWorkerCue = (cue: Cue): cue is WorkerCue => cue in WORKER_CUES;

const playWorker = (worker: FakeWorker, cue: WorkerCue): void => {
  if (cue === 'ready') worker.on.ready();
  else if (cue === 'lost') worker.on.pipeLost();
  else if (cue === 'hung') worker.on.hung('busy');
  else worker.exit(0);
};

const play = (stage: Stage, cue: Cue): void => {
  const worker = workerOf(stage);
  if (isWorkerCue(cue)) playWorker(worker, cue);
  else if (cue === 'beat') worker.on.beat({ kind: 'beat', link: 'waiting', relay: 'wss://relay.example' });
  else if (cue === 'fault') worker.on.fault({ code: 'broken', message: 'broken' });
  else if (cue === 'time') stage.clock.advance(stage.clock.pending()[0] ?? 0);
  else stage.host.control(cue);
};

const live = ({ atSpawn, early, cues }: Story): Stage => {
  const stage = setStage({
    early,
    atSpawn: (worker) => {
      for (const cue of atSpawn) playWorker(worker, cue);
    },
  });
  for (const cue of cues) play(stage, cue);
  return stage;
};

const toEvent = (cue: Cue): ServiceEvent | undefined => {
  if (isWorkerCue(cue)) return WORKER_CUES[cue];
  if (cue === 'stop' || cue === 'shutdown') return { kind: 'control', control: cue };
  return cue === 'time' ? { kind: 'timeout' } : undefined;
};

const imagine = ({ atSpawn, early, cues }: Story) => {
  const effects: ServiceEffect[] = [...startService.effects];
  let state = startService.state;
  for (const cue of [...atSpawn, ...early, ...cues]) {
    const event = toEvent(cue);
    if (event === undefined) continue;
    const step = stepService(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
};

const heard = (effects: readonly ServiceEffect[]): readonly string[] =>
  effects.flatMap((effect) => {
    if (effect.kind === 'report') return [showReport(effect.report)];
    return effect.kind === 'checkpoint' ? ['checkpoint'] : [];
  });

const anyControl = fc.constantFrom<Control>('stop', 'shutdown');
const anyWorkerCue = fc.constantFrom<WorkerCue>('ready', 'lost', 'hung', 'exit');
const anyCue = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Cue>('ready', 'lost', 'hung', 'beat', 'fault', 'time', 'stop') },
  { weight: 1, arbitrary: fc.constantFrom<Cue>('exit', 'shutdown') },
);
const anyStory: fc.Arbitrary<Story> = fc.record({
  atSpawn: fc.oneof(fc.constant([]), fc.array(anyWorkerCue, { maxLength: 3 })),
  early: fc.oneof(fc.constant([]), fc.array(anyControl, { maxLength: 2 })),
  cues: fc.array(anyCue, { maxLength: 25 }),
});

test('in every interleaving the host, the worker and the outcome are the machine’s', async (t) => {
  let stopped = 0;
  await fc.assert(
    fc.asyncProperty(anyStory, async (story) => {
      const stage = live(story);
      const worker = workerOf(stage);
      const { state, effects } = imagine(story);
      const count = (kind: ServiceEffect['kind']): number => effects.filter((e) => e.kind === kind).length;
      const asked = effects.flatMap((effect) => (effect.kind === 'ask-stop' ? [effect.reason] : []));
      const bounded = state.kind === 'starting' || state.kind === 'stopping';
      t.same(stage.host.heard, heard(effects));
      t.same(worker.asked, asked);
      t.equal(worker.kills, count('kill'));
      t.equal(stage.clock.pending().length, bounded ? 1 : 0);
      if (state.kind !== 'stopped') return;
      stopped += 1;
      t.equal(await stage.supervision.done, state.exit);
    }),
    { numRuns: 1000 },
  );
  t.ok(stopped > 100, 'many of the stories came to their end');
});
