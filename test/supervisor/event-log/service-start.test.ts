/** The events of the service's own process, around its machine: what it finds at its start, and that its end waits for them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '@guruconnect/shared/identity';
import { type Test, test } from 'tap';
import { fixture, startProgram } from '../../helpers/program.ts';
import { readLog } from '../../helpers/service-log.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const BY_RECOVERY = '8';
const CLOSED = 'events closed';

const life = async (t: Test, fault: string, startReason = '1', notes: readonly string[] = []) => {
  const data = tempDir(t);
  for (const note of notes) writeFileSync(join(data, note), '');
  const { stderr } = await startProgram(fixture('service-failing'), [data, fault, startReason]).ended;
  const told = stderr.split('\n').filter((line) => line.startsWith('event'));
  return { data, told };
};

test('a start by hand, and a stop', async (t) => {
  const { told } = await life(t, 'nothing');
  t.match(told, [
    `event 1000: ${VERSION}, by hand or by a program, `,
    'event 1004: wss://relay.example, ',
    'event 1001: it was told to stop, ',
    CLOSED,
  ]);
});

test('a start by recovery that finds the note of a stop: it stands down, and says that alone', async (t) => {
  const { told } = await life(t, 'nothing', BY_RECOVERY, ['stopped']);
  t.same(told, ['event 1002: ', CLOSED]);
});

test('a supervisor that was ended as it did not answer: the next one tells, with when', async (t) => {
  const { told } = await life(t, 'nothing', BY_RECOVERY, ['hung']);
  t.match(told[0], /^event 1000: .*by recovery/);
  t.match(told[1], /^event 2005: \d{4}-\d\d-\d\dT[\d:.]+Z, $/);
});

test('a failure of the supervisor’s own, whenever it comes, is an event, and the end waits for it', async (t) => {
  for (const fault of ['early: thrown', 'scmNotes', 'spawn', 'running: rejected', 'beat']) {
    const { told } = await life(t, fault);
    const failures = told.filter((line) => line.startsWith('event 3001: '));
    t.match(failures, [/on purpose/], fault);
    t.equal(told.at(-1), CLOSED, fault);
  }
});

test('an Event Log that does not take its events in time is a line in the log, and no more', async (t) => {
  const { data } = await life(t, 'events');
  // What else the service looks at may be told later still.
  const line = readLog(data).find(({ msg }) => msg === 'the Event Log has not taken every event');
  t.match(line, { win32Error: 258 });
});
