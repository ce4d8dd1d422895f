/** A hostile process of the same user finds the pipe at once, and the service comes up all the same. */
import { readFileSync, readdirSync } from 'node:fs';
import { isAddonBuilt } from '@guruconnect/native';
import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';
import { fixture, startProgram } from '../helpers/program.ts';
import { readLog, transitions } from '../helpers/service-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const linux = {
  timeout: 60_000,
  ...(process.platform !== 'linux' && { skip: 'on Windows: test/windows/sealed-pipe' }),
  ...(process.platform === 'linux' && !isAddonBuilt() && { skip: 'the addon is not built (npm run native)' }),
};
const MOST_MEMORY_KB = 250_000;
const BESIEGERS = 4;

const peakOf = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

for (const way of ['silent', 'half', 'megabytes', 'hello', 'hang-up']) {
  test(`besieged by strangers (${way}), the service is Running within its budget`, linux, async (t) => {
    const temp = tempDir(t);
    const data = t.testdir();
    const besiegers = Array.from({ length: BESIEGERS }, () => startProgram(fixture('besieger'), [temp, way]));
    t.teardown(() => {
      for (const { kill } of besiegers) kill('SIGKILL');
    });
    await Promise.all(besiegers.map(({ seen }) => seen(/watching/)));
    const from = performance.now();
    const args = [data, fixture('worker-obedient')];
    const supervisor = startProgram(fixture('supervisor'), args, { env: { TMPDIR: temp } });
    t.teardown(() => supervisor.kill('SIGKILL'));
    await supervisor.seen(/service: running/);
    const took = Math.round(performance.now() - from);
    const memory = peakOf(supervisor.pid);
    await Promise.all(besiegers.map(({ seen }) => seen(/found/)));
    for (const { kill } of besiegers) kill('SIGTERM');
    const made = await Promise.all(besiegers.map(async ({ seen }) => Number((await seen(/made (\d+)/))[1])));
    t.comment(
      `${way}: Running after ${took} ms; ${made.join(' and ')} connections; ${memory} kB at the most`,
    );
    t.ok(took < TIMING.workerHello, `${took} ms`);
    t.ok(memory < MOST_MEMORY_KB, `${memory} kB`);
    t.ok(made.every((count) => count >= 1));
    supervisor.kill('SIGTERM');
    t.equal((await supervisor.ended).code, 0);
    t.match(transitions(readLog(data))[0], 'starting -worker-ready-> running');
    t.same(readdirSync(temp), [], 'and nothing is left in the temporary folder');
  });
}
