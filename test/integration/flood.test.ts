/** A real agent whose relay never stops asking. */
import { readFileSync } from 'node:fs';
import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';
import { GURUCONNECT, fixture, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { STORED, storeCredential } from '../store/stored.ts';

const skip = process.platform === 'win32' && 'POSIX only';
/** A process to end, on a machine that is busy. */
const LEAVING_MS = 5_000;
const MOST_MEMORY_KB = 400_000;

const memoryOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

test(
  'a stop ends a flooded agent in its time, and no memory has grown without bound',
  { skip },
  async (t) => {
    const relay = startProgram(fixture('flooding-relay'), []);
    t.teardown(() => relay.kill('SIGKILL'));
    const [, port = ''] = await relay.seen(/port (\d+)/);
    const data = tempDir(t);
    const url = `ws://127.0.0.1:${port}`;
    await storeCredential(data, { ...STORED, relay: url });
    const agent = startProgram(GURUCONNECT, ['worker', '--relay', url, '--data', data]);
    t.teardown(() => agent.kill('SIGKILL'));
    await relay.seen(/flooding/);
    const memory = memoryOf(agent.pid);
    const from = performance.now();
    agent.kill('SIGTERM');
    const { code } = await agent.ended;
    const took = performance.now() - from;
    t.equal(code, 0);
    t.ok(took < TIMING.closeStop + LEAVING_MS, `ended after ${Math.round(took)} ms`);
    t.ok(memory < MOST_MEMORY_KB, `${memory} kB`);
    t.match((await relay.seen(/closed (\d+)/))[1], /^(?:1001|1006)$/);
  },
);
