/** The beginning of a service: when its worker is started, as what, and when it is not. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentOptions } from '@guruconnect/shared/config';
import { type Program, notStarted } from '@guruconnect/supervisor/child';
import { NOT_A_SERVICE } from '@guruconnect/supervisor/scm-host';
import { enterService } from '@guruconnect/supervisor/service-entry';
import { leaveStopNote } from '@guruconnect/supervisor/stop-note';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

/** SERVICE_START_REASON_RESTART_ON_FAILURE. */
const RESTART_ON_FAILURE = 8;
const DEMAND = 1;

interface Given {
  readonly error?: number;
  readonly reason?: number;
  readonly options?: AgentOptions;
  readonly file?: string;
  readonly noted?: boolean;
  readonly replaced?: boolean;
}

const enter = async (t: Test, { error = 0, reason = DEMAND, options, file, noted, replaced }: Given) => {
  const data = tempDir(t);
  if (file !== undefined) writeFileSync(join(data, 'config.json'), file);
  if (noted === true) leaveStopNote(data);
  const launched: { readonly program: Program; readonly isLocalService: boolean; readonly noted: boolean }[] =
    [];
  const isNoted = (): boolean => existsSync(join(data, 'stopped'));
  const start = await enterService(
    {
      ...{ scmConnect: () => undefined, scmNotes: () => undefined, scmSetStatus: () => 0 },
      ...{ scmServiceName: () => 'test', scmStartReason: () => reason },
    },
    { started: Promise.resolve(error), ended: new Promise(() => undefined), onControl: () => undefined },
    { data, ...options },
    {
      launch: (program, isLocalService) => {
        launched.push({ program, isLocalService, noted: isNoted() });
        return notStarted('no reason');
      },
      ...(replaced === true && {
        spawnWorker: () => ({ pid: 1, askStop: () => undefined, kill: () => undefined }),
      }),
    },
  );
  return { start, launched, isNoted };
};

test('a service that is wanted has its worker started, as itself, and without the note of a stop', async (t) => {
  const { start, launched } = await enter(t, { noted: true });
  t.match(start, { error: 0, unwanted: false, worker: { account: 'own' } });
  t.match(launched, [{ isLocalService: false, noted: false, program: { executable: process.execPath } }]);
  t.same(launched[0]?.program.args.slice(-2), ['worker', '--supervised']);
});

test('the worker that is handed over is the one that was started', async (t) => {
  const { start, launched } = await enter(t, {});
  const program = { executable: 'other', args: [], env: {} };
  const child = start.worker?.launch(program, false);
  t.equal(child, start.worker?.launch(program, false));
  t.equal(launched.length, 1);
});

test('the account is that of flag or file', async (t) => {
  const byFile = await enter(t, { file: '{"workerAccount":"local-service"}' });
  t.match([byFile.start.worker, byFile.launched], [{ account: 'local-service' }, [{ isLocalService: true }]]);
  const byFlag = await enter(t, {
    file: '{"workerAccount":"local-service"}',
    options: { workerAccount: 'own' },
  });
  t.match([byFlag.start.worker, byFlag.launched], [{ account: 'own' }, [{ isLocalService: false }]]);
});

test('an account that there is not starts nothing, and is told later', async (t) => {
  const { start, launched } = await enter(t, { file: '{"workerAccount":"root"}' });
  t.match(start, { error: 0, unwanted: false, worker: undefined });
  t.same(launched, []);
});

test('a restart by recovery after a stop is unwanted, and its note stays', async (t) => {
  const { start, launched, isNoted } = await enter(t, { noted: true, reason: RESTART_ON_FAILURE });
  t.match(start, { error: 0, unwanted: true, worker: undefined });
  t.same(launched, []);
  t.ok(isNoted());
});

test('what is no service, and what the SCM refuses, starts nothing', async (t) => {
  for (const error of [NOT_A_SERVICE, 87]) {
    const { start, launched } = await enter(t, { error });
    t.match(start, { error, worker: undefined });
    t.same(launched, []);
  }
});

test('a worker of somebody else’s is left to them', async (t) => {
  const { start, launched } = await enter(t, { replaced: true });
  t.match(start, { error: 0, worker: undefined });
  t.same(launched, []);
});
