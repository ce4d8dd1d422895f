/** The fuzzer itself: it has to find what is there to be found, and to say the same thing twice. */
import { test } from 'tap';
import { coverageOf, startCoverage } from './coverage.ts';
import { type FuzzRun, startFuzzing } from './engine.ts';
import { shrink } from './shrink.ts';
import { type FuzzTarget, loadTarget } from './target.ts';

startCoverage();
// Not before the counters are there.
const { createForgetfulSplitter } = await import('./planted/lines.ts');
const { pipeTarget } = await import('./targets/pipe.ts');
const maze = await loadTarget('maze', 'planted');

const hex = (run: FuzzRun): readonly string[] => run.corpus().map((input) => input.toString('hex'));

test('a splitter that forgets how long its line is already is found out', (t) => {
  const buggy: FuzzTarget = { seeds: [Buffer.from('\0')], run: pipeTarget(createForgetfulSplitter) };
  const finding = startFuzzing(buggy, [], 1).go(200_000);
  t.ok(finding, 'found');
  t.throws(() => {
    buggy.run(finding?.input ?? Buffer.alloc(0));
  }, 'and fails again');
  t.ok((finding?.input.length ?? Infinity) < 24, `in ${finding?.input.length} bytes`);
  t.end();
});

test('a bug behind six bytes, each in a branch of its own, is found', (t) => {
  const finding = startFuzzing(maze, [], 1).go(500_000);
  t.match(finding?.error, { message: 'the bug' });
  t.equal(finding?.input.toString(), 'secret', 'with nothing around it');
  t.end();
});

test('the same seed gives the same run, another one another', (t) => {
  const corpusOf = (seed: number): readonly string[] => {
    const run = startFuzzing({ ...maze, run: mild }, [], seed);
    run.go(5_000);
    return hex(run);
  };
  const mild = (input: Buffer): void => {
    try {
      maze.run(input);
    } catch {
      // Only the way there counts here.
    }
  };
  t.same(corpusOf(7), corpusOf(7));
  t.notSame(corpusOf(7), corpusOf(8));
  t.end();
});

test('an input that does nothing new is not kept, and a shorter one takes the place of a longer', (t) => {
  const run = startFuzzing(
    { ...maze, seeds: [] },
    [Buffer.from('xxxx'), Buffer.from('yyyyyy'), Buffer.from('x')],
    1,
  );
  run.go(3);
  t.same(hex(run), [Buffer.from('x').toString('hex')]);
  t.end();
});

test('what was hit is told by module', (t) => {
  const run = startFuzzing({ ...maze, seeds: [Buffer.from('se')] }, [], 1);
  run.go(1);
  const [covered] = coverageOf(run.isSeen).filter(({ name }) => name.endsWith('/maze'));
  t.ok(covered !== undefined && covered.hit > 0 && covered.hit < covered.count, JSON.stringify(covered));
  t.end();
});

test('shrinking leaves out what does not matter', (t) => {
  const fails = (input: Buffer): boolean => input.includes('a') && input.includes('z');
  t.equal(shrink(Buffer.from('xxxaxxxxxxxxzx'), fails).toString(), 'az');
  t.end();
});
