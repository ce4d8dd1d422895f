/** Every death of a worker in every state of its service: a console's supervisor, on POSIX. */
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { type Cell, boundOf } from '../helpers/deaths.ts';
import { type Found, testMatrix } from '../helpers/fault-matrix.ts';
import { type Program, fixture, isAlive, startProgram } from '../helpers/program.ts';
import { readLog } from '../helpers/service-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const skip = process.platform === 'win32' && 'POSIX only; test/windows/fault-matrix has its counterpart';
/** Of one of them, and of all. */
const LIMIT_MS = 90_000;
const ALL_MS = 280_000;

/** Everything that has this in its environment, whoever has started it and whatever it has become since. */
const processesOf = (mark: string): readonly number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark) && isAlive(pid);
      } catch {
        // It has gone meanwhile.
        return false;
      }
    });

/** It comes by itself, maybe before anybody has read that the service runs. */
const diesAlone = ({ name, state, outcomes: [outcome] }: Cell): boolean =>
  name === 'no-node' || (state === 'running' && !['killed', 'deaf'].includes(name) && boundOf(outcome) === 0);

/** Does what the death needs to be done from outside. */
const bringAbout = async (supervisor: Program, cell: Cell): Promise<void> => {
  if (diesAlone(cell)) return;
  const { name, state } = cell;
  const [, pid] = await supervisor.seen(/worker: pid (\d+)/);
  if (state !== 'starting') await supervisor.seen(/service: running/);
  if (state === 'stopping' || name === 'deaf') supervisor.kill('SIGTERM');
  if (name !== 'killed') return;
  if (state === 'stopping') await supervisor.seen(/service: stopping/);
  process.kill(Number(pid), 'SIGKILL');
};

const runIn =
  (t: Test) =>
  async (cell: Cell, ready: () => void): Promise<Found> => {
    const data = tempDir(t);
    const temp = join(data, 'temp');
    mkdirSync(temp);
    const supervisor = startProgram(fixture('dying-supervisor'), ['console', cell.name, cell.state, data], {
      // The worker gets them as well, and what it starts.
      env: { TMPDIR: temp },
      limitMs: LIMIT_MS,
    });
    await bringAbout(supervisor, cell);
    const mark = `TMPDIR=${temp}`;
    if (boundOf(cell.outcomes[0]) > 0) {
      t.ok(processesOf(mark).length >= 2, `${cell.name} while ${cell.state}: its processes can be seen`);
      ready();
    }
    const { code, stderr } = await supervisor.ended;
    t.equal(stderr, '', `${cell.name} while ${cell.state}: no word on stderr`);
    t.same(readdirSync(temp), [], `${cell.name} while ${cell.state}: the temporary folder is empty`);
    return { status: `exit ${code}`, left: processesOf(mark).length, log: readLog(data) };
  };

test('every death in every state, at a console', { skip, timeout: ALL_MS }, (t) =>
  testMatrix(t, { host: 'console', statuses: { OK: 'exit 0', FAILED: 'exit 1' }, run: runIn(t) }),
);
