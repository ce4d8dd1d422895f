/** Whatever fails in the supervisor's own code: the SCM hears of it once, no second worker is spawned, the process ends. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { fixture, startProgram } from '../helpers/program.ts';
import { readLog } from '../helpers/service-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const OK = 'stopped 0/0';
const FAILED = 'stopped 1066/1';

interface Case {
  /** What the SCM and the worker see. */
  readonly seen: readonly string[];
  /** Nobody is told why, as there was nobody to tell or nothing to be told. */
  readonly silent?: true;
}

const UNTIL_RUNNING = ['start-pending', 'spawned', 'running'];
const UNTIL_STOPPING = [...UNTIL_RUNNING, 'stop-pending'];
/** The end of the pipe is progress, and a check point. */
const UNTIL_LOST = [...UNTIL_STOPPING, 'stop-pending'];
const whole = [...UNTIL_LOST, OK];
const beforeAll: Case = { seen: [FAILED] };
const unspawned: Case = { seen: ['start-pending', FAILED] };
const unready: Case = { seen: ['start-pending', 'spawned', 'killed', FAILED] };
const running: Case = { seen: [...UNTIL_RUNNING, 'killed', FAILED] };
const stopping: Case = { seen: [...UNTIL_STOPPING, 'killed', FAILED] };
const lost: Case = { seen: [...UNTIL_LOST, 'killed', FAILED] };

const CASES: Readonly<Record<string, Case>> = {
  nothing: { seen: whole, silent: true },
  event: { seen: whole, silent: true },
  'early: thrown': beforeAll,
  'early: rejected': beforeAll,
  scmNotes: beforeAll,
  scmStartReason: beforeAll,
  'report start-pending': beforeAll,
  scmServiceName: unready,
  spawn: unspawned,
  'start-pending: thrown': unready,
  'start-pending: rejected': unready,
  'report running': unready,
  beat: running,
  fault: running,
  'running: thrown': running,
  'running: rejected': running,
  'report stop-pending': running,
  // Before the stop is told to anybody; it is noted all the same.
  ask: running,
  'stop-pending: thrown': stopping,
  'stop-pending: rejected': stopping,
  exit: lost,
  'report stopped, once': lost,
  // The end of the process tells the SCM that it has vanished.
  'report stopped': { seen: [...UNTIL_LOST, 'killed'] },
  // Its word stands; there is nobody left to kill.
  'stopped: thrown': { seen: [...whole, 'killed'] },
  'stopped: rejected': { seen: [...whole, 'killed'] },
};

for (const [fault, { seen, silent }] of Object.entries(CASES)) {
  const end = seen.find((word) => word.startsWith('stopped')) ?? 'it vanishes';
  test(`${fault} fails: ${end}, once`, async (t) => {
    const data = tempDir(t);
    const { code, stdout, elapsedMs } = await startProgram(fixture('service-failing'), [data, fault]).ended;
    t.same(stdout.trim().split('\n'), seen);
    t.equal(code, end === OK ? 0 : 1, `exit code, after ${Math.round(elapsedMs)} ms`);
    const failures = readLog(data).filter(({ msg }) => msg === 'the supervisor has failed');
    t.equal(failures.length > 0, silent === undefined, 'and the log says why');
    t.equal(
      existsSync(join(data, 'stopped')),
      seen.includes('stop-pending') || fault === 'report stop-pending' || fault === 'ask',
      'a stop that was asked for is noted',
    );
  });
}

/** What the service does not need in order to serve. */
const TROUBLES: Readonly<Record<string, (data: string) => void>> = {
  'a log that cannot be written': (data) => {
    writeFileSync(join(data, 'logs'), '');
  },
  'a status that cannot be served': (data) => {
    mkdirSync(join(data, 'status.sock', 'x'), { recursive: true });
  },
  'a note that cannot be left or removed': (data) => {
    mkdirSync(join(data, 'stopped', 'x'), { recursive: true });
  },
  'a note of a hang that cannot be removed': (data) => {
    mkdirSync(join(data, 'hung', 'x'), { recursive: true });
  },
  'last words that cannot be written': (data) => {
    mkdirSync(join(data, 'last-words.json'));
  },
  'a configuration that cannot be used': (data) => {
    writeFileSync(join(data, 'config.json'), '{');
  },
};
for (const [trouble, make] of Object.entries(TROUBLES)) {
  test(`${trouble} keeps the service from nothing`, async (t) => {
    const data = tempDir(t);
    make(data);
    const { code, stdout } = await startProgram(fixture('service-failing'), [data, 'nothing']).ended;
    t.same(stdout.trim().split('\n'), whole);
    t.equal(code, 0);
  });
}
