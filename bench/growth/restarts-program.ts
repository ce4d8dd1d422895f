// Starts the product's supervision again and again, with a worker that is killed as soon as it is up: `--expose-gc`, `DATA_DIR MARK...`.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@guruconnect/shared/clock';
import { createLog } from '@guruconnect/shared/log';
import { consoleHost } from '@guruconnect/supervisor/console-host';
import type { Notice } from '@guruconnect/supervisor/host';
import { supervise } from '@guruconnect/supervisor/supervise';
import { logNotice } from '@guruconnect/supervisor/supervisor-log';
import { workerProcess } from '@guruconnect/supervisor/worker-process';
import { loadLaunch } from '@guruconnect/supervisor/worker-program';
import { createWitness } from '@guruconnect/supervisor/witness';
import { collectedHeapBytes } from '../ground/collected.ts';

export interface Mark {
  readonly kind: 'mark';
  readonly restarts: number;
  readonly ms: number;
  readonly heapBytes: number;
}

const [, , data = '', ...marks] = process.argv;
const script = fileURLToPath(new URL('./worker-program.js', import.meta.url));
const log = createLog('supervisor', 'info', join(data, 'logs', 'supervisor.log'));
const relay = 'ws://127.0.0.1:9';
const launch = await loadLaunch();

const live = async (): Promise<void> => {
  const witness = createWitness(data);
  let pid = 0;
  const notice = (told: Notice): void => {
    logNotice(log, told, witness.notice(told));
    if (told.kind === 'spawned') pid = told.pid ?? 0;
    if (told.kind === 'transition' && told.to === 'running') process.kill(pid, 'SIGKILL');
  };
  const fail = (error: unknown): void => {
    supervision.fail(error);
  };
  const supervision = supervise({
    host: consoleHost(systemClock.now, () => undefined),
    spawnWorker: workerProcess({ script, options: { relay, data } }, launch, fail),
    clock: systemClock,
    notice,
  });
  const { code } = await supervision.done;
  if (code !== 1) throw new Error(`a killed worker ended as ${code}`);
};

process.on('disconnect', () => process.exit());
const from = performance.now();
let restarts = 0;
for (const mark of marks.map(Number)) {
  for (; restarts < mark; restarts += 1) await live();
  const ms = performance.now() - from;
  process.send?.({ kind: 'mark', restarts, ms, heapBytes: collectedHeapBytes() } satisfies Mark);
}
process.disconnect();
