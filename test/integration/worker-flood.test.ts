/** A worker that floods its stderr is never held up by it, fills no memory and no log, and its words are there all the same. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';
import { fixture, startProgram } from '../helpers/program.ts';
import { readLog } from '../helpers/service-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const linux = {
  timeout: 60_000,
  ...(process.platform !== 'linux' && { skip: 'memory is read from /proc' }),
};
/** A supervisor alone has some 70 MB, and 50 MB of garbage are seen; the flood kept would come on top. */
const MOST_MEMORY_KB = 160_000;
const MOST_LOG_BYTES = 32 * 1024;

const peakOf = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

test('a hundred megabytes on stderr: nobody waits, little is kept', linux, async (t) => {
  const data = tempDir(t);
  const from = performance.now();
  const supervisor = startProgram(fixture('supervisor'), [data, fixture('worker-floods')]);
  t.teardown(() => supervisor.kill('SIGKILL'));
  await supervisor.seen(/online at ws:\/\/flooded/, 40_000);
  t.comment(`the flood took ${Math.round(performance.now() - from)} ms`);
  const memory = peakOf(supervisor.pid);
  t.comment(`${memory} kB at the most`);
  t.ok(memory < MOST_MEMORY_KB, `${memory} kB`);
  await new Promise((resolve) => setTimeout(resolve, TIMING.workerWords));
  supervisor.kill('SIGTERM');
  t.equal((await supervisor.ended).code, 0);

  const log = join(data, 'logs', 'supervisor.log');
  t.ok(statSync(log).size < MOST_LOG_BYTES, `${statSync(log).size} bytes of log`);
  const written = readLog(data).filter(({ msg }) => msg === 'the worker wrote to its stderr');
  t.equal(written.length, 1);
  const [{ lines, bytes }] = written as unknown as [{ lines: string[]; bytes: number }];
  t.comment(`${bytes} bytes by then`);
  t.ok(lines.length > 0);
  // On a machine that takes longer over it, it was told in the middle of the flood.
  if (bytes >= 100_000_000) t.equal(lines.at(-1), 'the last words');
  t.notMatch(readFileSync(log, 'utf8'), /cak_s|\x1b/, 'neither a credential nor what steers a terminal');
  t.match(
    readLog(data)
      .find(({ msg }) => msg === 'worker exited')
      ?.worker?.lastWords.at(-1),
    'the last words',
  );
});
