import { describeExit } from '@guruconnect/supervisor/manage/exit-words';
import {
  arrivalReport,
  join,
  settingsReport,
  restartRemark,
  stopReport,
} from '@guruconnect/supervisor/manage/outcome-words';
import { describeRecovery } from '@guruconnect/supervisor/manage/recovery-words';
import { RECOVERY } from '@guruconnect/supervisor/manage/service-definition';
import { Win32Error, describeWin32, isWin32 } from '@guruconnect/supervisor/manage/win32-error';
import { test } from 'tap';

const EXITS: readonly (readonly [number, number, RegExp])[] = [
  [0, 0, /^stopped as it was asked to$/],
  [1066, 1, /^the worker ended without being asked to \(1066 \/ 1\)$/],
  [1066, 2, /^the supervisor did not answer a stop in time and was ended \(1066 \/ 2\)$/],
  [1066, 7, /code 7/],
  [1067, 0, /^the supervisor vanished.*1067/],
  [1077, 0, /^not started since Windows was$/],
  [1053, 0, /error 1053/],
  [4711, 0, /^Windows error 4711$/],
];
for (const [win32ExitCode, serviceExitCode, words] of EXITS) {
  test(`the exit ${win32ExitCode} / ${serviceExitCode} in words`, (t) => {
    t.match(describeExit({ win32ExitCode, serviceExitCode }), words);
    t.end();
  });
}

const value = <T>(given: T) => ({ kind: 'value', value: given }) as const;
const UNKNOWN = { kind: 'unknown-level' } as const;

const READ_BACKS: Readonly<
  Record<string, readonly [Parameters<typeof describeRecovery>[0], string, RegExp]>
> = {
  'as installed': [
    { failureActions: value(RECOVERY), failureFlag: value(true) },
    'plain',
    /^restart after 5 s, 5 s, 5 s, 30 s, 2 min, 10 min; counted anew after 24 h$/,
  ],
  'without the flag': [
    { failureActions: value(RECOVERY), failureFlag: value(false) },
    'bad',
    /only if the process vanishes/,
  ],
  'with other delays': [
    {
      failureActions: value({ resetPeriodS: 0, actions: [{ kind: 'restart', delayMs: 1000 }] }),
      failureFlag: value(true),
    },
    'bad',
    /not as installed/,
  ],
  none: [
    { failureActions: value({ resetPeriodS: 0, actions: [] }), failureFlag: value(true) },
    'bad',
    /^none.*install/,
  ],
  'with nothing first': [
    {
      failureActions: value({
        resetPeriodS: 60,
        actions: [
          { kind: 'none', delayMs: 0 },
          { kind: 'restart', delayMs: 5000 },
        ],
      }),
      failureFlag: value(true),
    },
    'bad',
    /^restart after nothing, 5 s; counted anew after 1 min; not as installed/,
  ],
  'of nothing but nothing': [
    {
      failureActions: value({ resetPeriodS: 0, actions: [{ kind: 'none', delayMs: 0 }] }),
      failureFlag: value(true),
    },
    'bad',
    /^none/,
  ],
  'that restarts the computer': [
    {
      failureActions: value({ resetPeriodS: 60, actions: [{ kind: 'reboot', delayMs: 60_000 }] }),
      failureFlag: value(true),
    },
    'bad',
    /reboot after 1 min/,
  ],
  'on a platform that does not know it': [
    { failureActions: UNKNOWN, failureFlag: UNKNOWN },
    'busy',
    /does not tell/,
  ],
  'on a platform without the flag': [
    { failureActions: value(RECOVERY), failureFlag: UNKNOWN },
    'busy',
    /knows no flag/,
  ],
  'whose flag cannot be read': [
    {
      failureActions: value(RECOVERY),
      failureFlag: { kind: 'failed', why: 'QueryServiceConfig2 X: access is denied' },
    },
    'bad',
    /^QueryServiceConfig2 X: access is denied$/,
  ],
  'that cannot be read': [
    {
      failureActions: { kind: 'failed', why: 'QueryServiceConfig2 X: access is denied' },
      failureFlag: UNKNOWN,
    },
    'bad',
    /access is denied/,
  ],
};
for (const [what, [read, tone, words]] of Object.entries(READ_BACKS)) {
  test(`recovery ${what}`, (t) => {
    const [text, how] = describeRecovery(read);
    t.match(text, words);
    t.equal(how, tone);
    t.end();
  });
}

test('settings that the platform does not know are one warning, and no failure', (t) => {
  const report = settingsReport([
    { kind: 'unknown', setting: 'recovery actions' },
    { kind: 'unknown', setting: 'failure-actions flag' },
    { kind: 'so', setting: 'description', changed: true },
  ]);
  t.match(report, {
    lines: ['warning: this Windows does not know: recovery actions, failure-actions flag (error 124)'],
    code: 0,
  });
  t.end();
});

test('a setting that could not be set is said, and fails the command', (t) => {
  const report = settingsReport([{ kind: 'failed', setting: 'recovery actions', why: 'no' }]);
  t.match(report, { lines: ['error: the recovery actions could not be set: no'], code: 1 });
  t.match(report.facts, { settings: [{ kind: 'failed', setting: 'recovery actions', why: 'no' }] });
  t.end();
});

test('how it went after Running', (t) => {
  t.same(arrivalReport('done', { kind: 'online', relay: 'wss://r' }), {
    lines: ['done: online at wss://r'],
    code: 0,
    facts: { arrival: { kind: 'online', relay: 'wss://r' } },
  });
  t.match(arrivalReport('done', { kind: 'trying', why: 'no route' }), {
    lines: [/not online yet \(no route\)/],
    code: 0,
  });
  t.match(arrivalReport('done', { kind: 'ended', why: 'it died' }), {
    lines: [/ended again: it died/],
    code: 1,
  });
  t.end();
});

test('how a stop went', (t) => {
  t.match(stopReport({ already: true, forced: false }), { lines: [/stopped already/], code: 0 });
  t.match(stopReport({ already: false, forced: false }), { lines: [/ stopped$/], code: 0 });
  t.match(stopReport({ already: false, forced: true }), { lines: [/by force/], code: 0 });
  t.match(stopReport({ already: false, forced: false, hung: true }), {
    lines: [/ stopped, but its supervisor did not answer/],
    code: 0,
    facts: { result: 'stopped', forced: false, hung: true },
  });
  t.end();
});

test('a restart remarks on the stop that it began with only where there is something to remark', (t) => {
  t.same(restartRemark({ forced: false }), {
    lines: [],
    code: 0,
    facts: { forced: false, hung: false },
  });
  t.match(restartRemark({ forced: true }), { lines: [/^warning: .*by force/], code: 0 });
  t.match(restartRemark({ forced: false, hung: true }), { lines: [/^warning: .*did not answer/], code: 0 });
  t.end();
});

test('of joined reports the first failure is the exit code, and the facts are all there', (t) => {
  t.same(
    join({ lines: ['a'], code: 0, facts: { x: 1 } }, { lines: ['b'], code: 1 }, { lines: [], code: 2 }),
    {
      lines: ['a', 'b'],
      code: 1,
      facts: { x: 1 },
    },
  );
  t.same(join({ lines: ['a'], code: 0, facts: { x: 1 } }, { lines: [], code: 0, facts: { y: 2 } }), {
    lines: ['a'],
    code: 0,
    facts: { x: 1, y: 2 },
  });
  t.end();
});

/** @see https://learn.microsoft.com/windows/win32/debug/system-error-codes */
const ERRORS: Readonly<Record<number, RegExp>> = {
  2: /file does not exist/,
  3: /folder does not exist/,
  5: /access is denied/,
  87: /parameter/,
  124: /does not know the setting/,
  258: /in time/,
  1052: /does not take this control/,
  1053: /did not respond/,
  1055: /locked/,
  1056: /already running/,
  1058: /disabled/,
  1060: /not installed/,
  1061: /takes no controls/,
  1062: /not running/,
  1069: /cannot log on/,
  1072: /marked for deletion/,
  1073: /exists already/,
  1115: /shutting down/,
};
for (const [code, words] of Object.entries(ERRORS)) {
  test(`Windows error ${code} in words`, (t) => {
    t.match(describeWin32(Number(code)), words);
    t.ok(describeWin32(Number(code)).endsWith(`(error ${code})`));
    t.end();
  });
}

test('a Win32 error says what was tried on what, and why not', (t) => {
  const error = new Win32Error(1072, 'CreateService', 'X');
  t.equal(error.message, 'CreateService X: the service is marked for deletion (error 1072)');
  t.ok(isWin32(error, 5, 1072));
  t.notOk(isWin32(error, 5));
  t.notOk(isWin32(new Error('1072'), 1072));
  t.notOk(isWin32(Object.assign(new Error('of node'), { code: 1072 }), 1072));
  t.equal(describeWin32(31337), 'Windows error 31337');
  t.end();
});
