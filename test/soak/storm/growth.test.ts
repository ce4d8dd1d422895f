import { test } from 'tap';
import { createRandom } from '../../worker/simulation/random.ts';
import { type Kept, type StormSample, judgeGrowth } from './growth.ts';

const STEPS = 90;
type Leak = Partial<Record<keyof Kept | 'temp', number>>;

/** As they were seen to be: the heap comes to rest, and V8 gives pages back when it likes. `leak` is what a step adds. */
const samplesOf = (leak: Leak, who: 'lasting' | 'newborn', steps = STEPS): readonly StormSample[] => {
  const random = createRandom(7);
  const held = (step: number, added: Leak): Kept => {
    const grown = (figure: keyof Kept, base: number): number =>
      Math.round(base + (added[figure] ?? 0) * step);
    return {
      fds: grown('fds', 22),
      sockets: grown('sockets', 12),
      threads: grown('threads', 11),
      active: grown('active', 6),
      timers: grown('timers', 4 + random.between(0, 1)),
      heapKB: grown('heapKB', 8900 - 900 * Math.exp(-step / 8) + random.between(-40, 40)),
      externalKB: grown('externalKB', 2200 + random.between(-60, 60)),
      anonKB: grown('anonKB', 18_000 + random.between(-1000, 1000)),
    };
  };
  return Array.from({ length: steps }, (_, i) => {
    const lasting = who === 'lasting' ? leak : {};
    const newborn = who === 'newborn' ? leak : {};
    return {
      step: i + 1,
      lasting: { supervisor: held(i, {}), worker: held(i, lasting) },
      ...(i % 3 === 0 ? { newborn: { supervisor: held(i, newborn), worker: held(i, {}) } } : {}),
      temp: Math.round((leak.temp ?? 0) * i),
    };
  });
};
const growing = (...given: Parameters<typeof samplesOf>): readonly string[] =>
  judgeGrowth(samplesOf(...given))
    .filter(({ ok }) => !ok)
    .map(({ figure }) => figure);

test('agents that come to rest do not grow', (t) => {
  t.same(growing({}, 'lasting'), []);
  t.end();
});

for (const [figure, leak] of [
  ['fds', 1],
  ['fds', 0.1],
  ['sockets', 0.1],
  ['threads', 0.1],
  ['active', 0.1],
  ['timers', 0.2],
  ['heapKB', 8],
  ['externalKB', 20],
  ['anonKB', 200],
] as const) {
  test(`a leak of ${leak} of ${figure} with each step is found in the process that has it`, (t) => {
    t.same(growing({ [figure]: leak }, 'lasting'), [`lasting worker ${figure}`]);
    t.end();
  });
}

test('a life that begins with more than the one before it is found', (t) => {
  t.same(growing({ fds: 0.1 }, 'newborn'), ['newborn supervisor fds']);
  t.same(growing({ temp: 0.1 }, 'newborn'), ['temporary files']);
  t.end();
});

test('a short storm finds what is exact, and of memory what is large or nothing', (t) => {
  t.same(growing({ heapKB: 100 }, 'lasting', 20), ['lasting worker heapKB']);
  t.same(growing({ fds: 1, heapKB: 300 }, 'lasting', 8), ['lasting worker fds']);
  t.end();
});

test('without a life that has begun nothing is said of one', (t) => {
  const samples = samplesOf({}, 'lasting').map(({ step, lasting, temp }) => ({ step, lasting, temp }));
  t.ok(judgeGrowth(samples).every(({ figure }) => !figure.startsWith('newborn')));
  t.same(judgeGrowth([]), []);
  t.end();
});
