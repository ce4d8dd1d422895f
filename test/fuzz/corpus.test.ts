/** What the fuzzer has kept, and some thousands of its children: the fuzzing that every run of the tests does. */
import { test } from 'tap';
import { corpusFolder, readCorpus } from './corpus.ts';
import { coverageOf, startCoverage } from './coverage.ts';
import { startFuzzing } from './engine.ts';
import { assertUnpolluted } from './plain.ts';
import { TARGETS, loadTarget } from './target.ts';

const CHILDREN = 3_000;
/**
 * Branches that the corpus reaches, in percent: a corpus that has grown stale should be seen. Six branches of the protocol are of what sends a
 * bootstrap, which reads nothing.
 */
const LEAST_COVERAGE = {
  'packages/shared/dist/lines': 100,
  'packages/shared/dist/pipe-protocol': 94,
  'packages/shared/dist/store-protocol': 95,
};

startCoverage();

for (const name of TARGETS) {
  test(`the corpus of ${name} and ${CHILDREN} inputs made of it show nothing wrong`, async (t) => {
    const target = await loadTarget(name);
    const corpus = readCorpus(corpusFolder(name));
    t.ok(corpus.length > 0, 'there is a corpus');
    const run = startFuzzing(target, corpus, 1);
    const finding = run.go(corpus.length + target.seeds.length + CHILDREN);
    t.equal(finding?.error, undefined, finding?.input.toString('base64') ?? 'nothing');
    assertUnpolluted();
    if (name !== 'pipe') return;
    for (const [module, least] of Object.entries(LEAST_COVERAGE)) {
      const covered = coverageOf(run.isSeen).find((known) => known.name === module);
      const percent = ((covered?.hit ?? 0) / (covered?.count ?? 1)) * 100;
      t.ok(percent >= least, `${module}: ${percent.toFixed(0)} % of its branches`);
    }
  });
}
