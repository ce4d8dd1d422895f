/** One setting at a time: when it is set, when it is left, and what is said of it. */
import { type Setting, isRecoveryWhole } from '@guruconnect/supervisor/manage/recovery';
import { DESCRIPTION, RECOVERY, REDUCED_PRIVILEGES } from '@guruconnect/supervisor/manage/service-definition';
import type { FailureActions, ServiceManager } from '@guruconnect/supervisor/manage/service-manager';
import { ensureSettings } from '@guruconnect/supervisor/manage/settings';
import { test } from 'tap';
import { type Stage, stage } from './scm-stage.ts';

const CHOICES = { delayedStart: true, reducedPrivileges: true };

interface Names {
  readonly get: keyof ServiceManager;
  readonly set: keyof ServiceManager;
}
/** Those that the SCM has. */
type OfService = Exclude<Setting, 'event source'>;
const SETTINGS: Readonly<Record<OfService, Names>> = {
  description: { get: 'description', set: 'setDescription' },
  'recovery actions': { get: 'failureActions', set: 'setFailureActions' },
  'failure-actions flag': { get: 'failureFlag', set: 'setFailureFlag' },
  'delayed start': { get: 'delayedStart', set: 'setDelayedStart' },
  'privilege list': { get: 'privileges', set: 'setPrivileges' },
};
const NAMES = Object.keys(SETTINGS) as OfService[];

/** The manager, and what of it is called. */
const watched = ({ manager }: Stage) => {
  const calls: PropertyKey[] = [];
  const watching = new Proxy(manager, {
    get: (target, name: keyof ServiceManager) => {
      calls.push(name);
      return target[name];
    },
  });
  return { manager: watching, calls };
};

/** A service on which everything is as it has to be. */
const settled = async () => {
  const on = await stage();
  await ensureSettings(on.manager, CHOICES);
  return on;
};

test('what is not so is set, and what is so is left alone', async (t) => {
  const on = await stage();
  const so = (changed: boolean) => NAMES.map((setting) => ({ kind: 'so', setting, changed }));
  t.same(await ensureSettings(on.manager, CHOICES), so(true));
  const set = NAMES.map((name) => SETTINGS[name].set);
  for (const method of set) on.scm.fault(method, 5, true);
  t.same(await ensureSettings(on.manager, CHOICES), so(false));
});

test('what nobody has chosen is not even looked at', async (t) => {
  const { manager, calls } = watched(await stage());
  await ensureSettings(manager, { delayedStart: undefined });
  for (const name of ['delayed start', 'privilege list'] as const) {
    t.notOk(calls.includes(SETTINGS[name].get), name);
    t.notOk(calls.includes(SETTINGS[name].set), name);
  }
});

for (const setting of NAMES) {
  const { get, set } = SETTINGS[setting];
  const outcomeOf = async (on: Stage) =>
    (await ensureSettings(on.manager, CHOICES)).find((outcome) => outcome.setting === setting);

  test(`${setting}: where the platform cannot read it, it is set all the same, as far as it goes`, async (t) => {
    const on = await stage();
    on.scm.fault(get, 124, true);
    t.same(await outcomeOf(on), { kind: 'unknown', setting });
    on.scm.clearFaults();
    t.match(await outcomeOf(on), { kind: 'so', changed: false });
  });

  test(`${setting}: where the platform cannot set it, that is no failure; where it may not, it is`, async (t) => {
    const on = await stage();
    on.scm.fault(set, 124);
    t.same(await outcomeOf(on), { kind: 'unknown', setting });
    on.scm.fault(set, 5);
    t.match(await outcomeOf(on), { kind: 'failed', setting, why: /error 5/ });
  });

  test(`${setting}: where it may not be read, it is not set blindly`, async (t) => {
    const on = await stage();
    on.scm.fault(get, 5, true);
    t.match(await outcomeOf(on), { kind: 'failed', setting, why: /error 5/ });
    on.scm.clearFaults();
    t.match(await outcomeOf(on), { kind: 'so', changed: true });
  });

  test(`${setting}: what is accepted and forgotten is found out`, async (t) => {
    const on = await stage();
    on.scm.fault(set, 'dropped');
    t.match(await outcomeOf(on), { kind: 'failed', setting, why: /reads back as something else/ });
  });
}

const [first, ...others] = RECOVERY.actions;
const DRIFT: Readonly<Record<string, FailureActions>> = {
  'another reset period': { ...RECOVERY, resetPeriodS: RECOVERY.resetPeriodS + 1 },
  'its last action missing': { ...RECOVERY, actions: RECOVERY.actions.slice(0, -1) },
  'its first action missing': { ...RECOVERY, actions: others },
  'an action more': { ...RECOVERY, actions: [...RECOVERY.actions, { kind: 'restart', delayMs: 1 }] },
  'another delay': { ...RECOVERY, actions: [{ kind: 'restart', delayMs: 1 }, ...others] },
  'another action': { ...RECOVERY, actions: [{ kind: 'reboot', delayMs: first?.delayMs ?? 0 }, ...others] },
};
for (const [what, actions] of Object.entries(DRIFT)) {
  test(`recovery with ${what} is not recovery as installed`, async (t) => {
    const on = await settled();
    await on.manager.setFailureActions(actions);
    const outcomes = await ensureSettings(on.manager, {});
    t.match(outcomes[1], { kind: 'so', setting: 'recovery actions', changed: true });
    t.same(await on.manager.failureActions(), RECOVERY);
  });
}

test('recovery is whole with its actions and its flag, and not with either alone', (t) => {
  t.ok(isRecoveryWhole(RECOVERY, true));
  t.notOk(isRecoveryWhole(RECOVERY, false));
  for (const actions of Object.values(DRIFT)) t.notOk(isRecoveryWhole(actions, true));
  t.end();
});

const LISTS: readonly (readonly string[])[] = [
  [],
  ['SeDebugPrivilege'],
  [...REDUCED_PRIVILEGES, 'SeDebugPrivilege'],
];
for (const names of LISTS) {
  test(`a privilege list of [${names.join()}] is not the reduced one`, async (t) => {
    const on = await settled();
    await on.manager.setPrivileges(names);
    const outcomes = await ensureSettings(on.manager, CHOICES);
    t.match(outcomes.at(-1), { setting: 'privilege list', changed: true });
    t.same(await on.manager.privileges(), REDUCED_PRIVILEGES);
  });
}

test('what was chosen can be taken back', async (t) => {
  const on = await settled();
  const outcomes = await ensureSettings(on.manager, { delayedStart: false, reducedPrivileges: false });
  t.match(outcomes.slice(3), [{ changed: true }, { changed: true }]);
  t.equal(await on.manager.delayedStart(), false);
  t.same(await on.manager.privileges(), []);
  t.equal(await on.manager.description(), DESCRIPTION);
});
