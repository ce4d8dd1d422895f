import type { ManagerAddon, ProcessHandle } from '@guruconnect/native';
import { nativeManager } from '@guruconnect/supervisor/manage/native-manager';
import type { ServiceManager } from '@guruconnect/supervisor/manage/service-manager';
import { Win32Error } from '@guruconnect/supervisor/manage/win32-error';
import { test } from 'tap';

const NAME = 'GuruConnect-test';
const NO_CHANGE = 0xffffffff;
const HANDLE = {} as ProcessHandle;

type Call = readonly [method: string, ...args: unknown[]];
type Answers = Partial<Record<keyof ManagerAddon, unknown>>;

const SYNCHRONOUS = ['processTerminate', 'processClose'];

/** Answers what it is told to, and keeps the calls. */
const createFakeAddon = (answers: Answers) => {
  const calls: Call[] = [];
  const addon = new Proxy(answers, {
    get:
      (_, method: keyof ManagerAddon) =>
      (...args: unknown[]) => {
        calls.push([method, ...args]);
        const answer = answers[method] ?? 0;
        return SYNCHRONOUS.includes(method) ? answer : Promise.resolve(answer);
      },
  }) as unknown as ManagerAddon;
  return { calls, manager: nativeManager(addon, NAME) };
};

const STATUS = {
  error: 0,
  state: 4,
  controlsAccepted: 5,
  win32ExitCode: 0,
  serviceExitCode: 0,
  checkPoint: 1,
  waitHintMs: 2000,
  pid: 42,
};

test('every state has its name, and the status its members', async (t) => {
  const names = ['stopped', 'start-pending', 'stop-pending', 'running'].concat(
    ...['continue-pending', 'pause-pending', 'paused'],
  );
  for (const [i, state] of names.entries()) {
    const { manager } = createFakeAddon({ scmStatus: { ...STATUS, state: i + 1 } });
    const { error: _error, waitHintMs: waitHint, ...rest } = STATUS;
    t.same(await manager.status(), { ...rest, waitHint, state });
  }
});

test('a number that has no name is an error and not undefined', async (t) => {
  for (const state of [0, 8]) {
    const { manager } = createFakeAddon({ scmStatus: { ...STATUS, state } });
    await t.rejects(manager.status(), { message: `state ${state} is not known` });
  }
  const { manager } = createFakeAddon({ scmConfig: { error: 0, startType: 5 } });
  await t.rejects(manager.config(), { message: 'start type 5 is not known' });
});

const CONFIG = {
  serviceType: 0x10,
  errorControl: 1,
  imagePath: '"C:\\x.exe" run',
  displayName: 'GuruConnect',
  account: 'LocalSystem',
};

test('start types are named in both directions', async (t) => {
  for (const [startType, name] of (['boot', 'system', 'auto', 'demand', 'disabled'] as const).entries()) {
    const { manager, calls } = createFakeAddon({ scmConfig: { error: 0, ...CONFIG, startType } });
    t.same(await manager.config(), { ...CONFIG, startType: name });
    await manager.create({ ...CONFIG, startType: name });
    const { serviceType, errorControl, imagePath, displayName, account } = CONFIG;
    t.same(calls.at(-1), [
      ...['scmCreate', NAME, serviceType, startType, errorControl],
      ...[imagePath, displayName, account],
    ]);
  }
});

test('what a change does not name stays as it is', async (t) => {
  const { manager, calls } = createFakeAddon({});
  await manager.change({});
  await manager.change({ startType: 'boot', displayName: '' });
  await manager.change({ ...CONFIG, startType: 'auto' });
  // The addon takes null for what stays, and nothing else.
  t.strictSame(calls, [
    ['scmChange', NAME, NO_CHANGE, NO_CHANGE, NO_CHANGE, null, null, null],
    ['scmChange', NAME, NO_CHANGE, 0, NO_CHANGE, null, '', null],
    ['scmChange', NAME, 0x10, 2, 1, CONFIG.imagePath, CONFIG.displayName, CONFIG.account],
  ]);
});

test('recovery actions are pairs of numbers', async (t) => {
  const actions = [
    { kind: 'none', delayMs: 0 },
    { kind: 'restart', delayMs: 1000 },
    { kind: 'reboot', delayMs: 2000 },
    { kind: 'run-command', delayMs: 3000 },
  ] as const;
  const flat = [0, 0, 1, 1000, 2, 2000, 3, 3000];
  const { manager, calls } = createFakeAddon({
    scmFailureActions: { error: 0, resetPeriodS: 60, actions: flat },
  });
  t.same(await manager.failureActions(), { resetPeriodS: 60, actions });
  await manager.setFailureActions({ resetPeriodS: 90, actions });
  await manager.setFailureActions({ resetPeriodS: 0, actions: [] });
  t.same(calls.slice(1), [
    ['scmSetFailureActions', NAME, 90, flat],
    ['scmSetFailureActions', NAME, 0, []],
  ]);
});

test('an action that the SCM does not take itself is none', async (t) => {
  const OWN_RESTART = 4;
  const { manager } = createFakeAddon({
    scmFailureActions: { error: 0, resetPeriodS: 1, actions: [OWN_RESTART, 5] },
  });
  t.same(await manager.failureActions(), { resetPeriodS: 1, actions: [{ kind: 'none', delayMs: 5 }] });
});

test('the switches have a level each, and the other settings a function', async (t) => {
  const { manager, calls } = createFakeAddon({
    scmSwitch: { error: 0, on: true },
    scmDescription: { error: 0, text: 'what it is' },
    scmPrivileges: { error: 0, names: ['SeDebugPrivilege'] },
  });
  t.same(
    await Promise.all([
      ...[manager.failureFlag(), manager.delayedStart()],
      ...[manager.description(), manager.privileges()],
    ]),
    [true, true, 'what it is', ['SeDebugPrivilege']],
  );
  await manager.setFailureFlag(false);
  await manager.setDelayedStart(true);
  await manager.setDescription('other');
  await manager.setPrivileges([]);
  t.same(calls, [
    ['scmSwitch', NAME, 4],
    ['scmSwitch', NAME, 3],
    ['scmDescription', NAME],
    ['scmPrivileges', NAME],
    ['scmSetSwitch', NAME, 4, false],
    ['scmSetSwitch', NAME, 3, true],
    ['scmSetDescription', NAME, 'other'],
    ['scmSetPrivileges', NAME, []],
  ]);
});

test('starting, stopping and deleting', async (t) => {
  const { manager, calls } = createFakeAddon({});
  await manager.start();
  await manager.stop();
  await manager.delete();
  t.equal(manager.name, NAME);
  t.same(calls, [
    ['scmStart', NAME],
    ['scmControl', NAME, 1],
    ['scmDelete', NAME],
  ]);
});

test('the process of a service, waited for, ended and let go of', async (t) => {
  const opened = { error: 0, pid: 42, startedAtMs: 1000, process: HANDLE };
  const { manager, calls } = createFakeAddon({ scmOpenProcess: opened });
  const process = await manager.process();
  t.match(process, { pid: 42, startedAt: 1000 });
  t.equal(await process?.ended(50), true);
  process?.terminate();
  process?.close();
  t.same(calls.slice(1), [
    ['processWait', HANDLE, 50],
    ['processTerminate', HANDLE, 1],
    ['processClose', HANDLE],
  ]);
  const lives = createFakeAddon({ scmOpenProcess: opened, processWait: 258 });
  t.equal(await (await lives.manager.process())?.ended(0), false, 'the time was up');
});

test('a service without a process has none', async (t) => {
  const { manager } = createFakeAddon({
    scmOpenProcess: { error: 0, pid: 0, startedAtMs: 0, process: undefined },
  });
  t.equal(await manager.process(), undefined);
});

const REFUSED = { error: 5 };
const REFUSALS: readonly (readonly [string, Answers, (manager: ServiceManager) => Promise<unknown>])[] = [
  ['OpenSCManager', { scmAuthorize: 5 }, (manager) => manager.authorize()],
  ['QueryServiceStatusEx', { scmStatus: REFUSED }, (manager) => manager.status()],
  ['QueryServiceConfig', { scmConfig: REFUSED }, (manager) => manager.config()],
  ['CreateService', { scmCreate: 5 }, (manager) => manager.create({ ...CONFIG, startType: 'auto' })],
  ['ChangeServiceConfig', { scmChange: 5 }, (manager) => manager.change({})],
  ['DeleteService', { scmDelete: 5 }, (manager) => manager.delete()],
  ['StartService', { scmStart: 5 }, (manager) => manager.start()],
  ['ControlService', { scmControl: 5 }, (manager) => manager.stop()],
  ['OpenProcess', { scmOpenProcess: REFUSED }, (manager) => manager.process()],
  ['QueryServiceConfig2', { scmDescription: REFUSED }, (manager) => manager.description()],
  ['QueryServiceConfig2', { scmFailureActions: REFUSED }, (manager) => manager.failureActions()],
  ['QueryServiceConfig2', { scmSwitch: REFUSED }, (manager) => manager.failureFlag()],
  ['QueryServiceConfig2', { scmPrivileges: REFUSED }, (manager) => manager.privileges()],
  ['ChangeServiceConfig2', { scmSetDescription: 5 }, (manager) => manager.setDescription('')],
  ['ChangeServiceConfig2', { scmSetSwitch: 5 }, (manager) => manager.setDelayedStart(true)],
  ['ChangeServiceConfig2', { scmSetPrivileges: 5 }, (manager) => manager.setPrivileges([])],
  [
    'ChangeServiceConfig2',
    { scmSetFailureActions: 5 },
    (manager) => manager.setFailureActions({ resetPeriodS: 0, actions: [] }),
  ],
];

for (const [operation, answers, call] of REFUSALS) {
  test(`a refusal names ${operation} and the service: ${Object.keys(answers).join()}`, async (t) => {
    const refused = await call(createFakeAddon(answers).manager).catch((error: unknown) => error);
    t.ok(refused instanceof Win32Error);
    t.match(refused, { code: 5, operation, object: NAME });
  });
}

test('a process that cannot be waited for or ended is an error', async (t) => {
  const { manager } = createFakeAddon({
    scmOpenProcess: { error: 0, pid: 42, startedAtMs: 1, process: HANDLE },
    processWait: 6,
    processTerminate: 6,
  });
  const process = await manager.process();
  await t.rejects(async () => process?.ended(1), { code: 6, operation: 'WaitForSingleObject', object: NAME });
  t.throws(() => process?.terminate(), { code: 6, operation: 'TerminateProcess', object: NAME });
});
