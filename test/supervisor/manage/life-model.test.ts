/**
 * Random lives of a machine: installations, updates good and bad, starts, stops, crashes, refusals and power cuts, in any
 * order and at any call. A model that is no more than four words knows what has to be true of each.
 */
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { restartService, startService } from '@guruconnect/supervisor/manage/start-service';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import { uninstallService } from '@guruconnect/supervisor/manage/uninstall-service';
import fc from 'fast-check';
import { test } from 'tap';
import { type ManagedMachine, NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';

type Version = 'v1' | 'v2' | 'bad';
type Action =
  | { readonly kind: 'install'; readonly version: Version }
  | { readonly kind: 'uninstall' | 'start' | 'stop' | 'restart' };

type Step =
  | { readonly kind: 'act'; readonly action: Action }
  /** The power fails at the n-th call of the action, and comes back. */
  | { readonly kind: 'cut'; readonly action: Action; readonly call: number }
  /** The n-th kind of call of the action is refused. */
  | {
      readonly kind: 'refuse';
      readonly action: Action;
      readonly method: 'change' | 'stop' | 'start' | 'delete' | 'create';
    }
  | { readonly kind: 'crash' | 'vanish' | 'service-stop' | 'service-start' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'check' };

/** `up`: online, at the latest after the longest delay. `down`: asked to stop. `any`: a program that cannot come up. */
type Expected = 'up' | 'down' | 'absent' | 'any';

const LONGEST_MS = 600_000 + 30_000;

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('install' as const), version: fc.constantFrom<Version>('v1', 'v2', 'bad') }),
  fc.record({ kind: fc.constantFrom('uninstall', 'start', 'stop', 'restart') }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('act' as const), action }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('cut' as const),
      action,
      call: fc.integer({ min: 1, max: 45 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('refuse' as const),
      action,
      method: fc.constantFrom('change', 'stop', 'start', 'delete', 'create'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('crash', 'vanish', 'service-stop', 'service-start') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('check' as const) }) },
);

const start = (machine: ManagedMachine, { kind, ...rest }: Action): Promise<unknown> => {
  const ports = machine.ports();
  switch (kind) {
    case 'install':
      return installService(ports, request('version' in rest ? rest.version : 'v1'));
    case 'uninstall':
      return uninstallService(ports);
    case 'start':
      return startService(ports);
    case 'stop':
      return stopService(ports);
    case 'restart':
      return restartService(ports);
  }
};

const insist = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

const isGood = (machine: ManagedMachine): boolean => ['v1', 'v2'].includes(machine.registered() ?? '');

/** What a program that can come up makes of having been started. */
const started = (machine: ManagedMachine): Expected => {
  if (machine.registered() === undefined) return 'absent';
  return isGood(machine) ? 'up' : 'any';
};

/** After an action that has ended, well or with an error. */
const afterAction = (machine: ManagedMachine, before: Expected, { kind }: Action, ok: boolean): Expected => {
  if (machine.registered() === undefined) return 'absent';
  if (ok) return kind === 'stop' ? 'down' : started(machine);
  // An update that failed has put the former one back, as it was. A refused stop may have got as far as the note.
  if (kind === 'install') return before === 'absent' ? 'any' : before;
  return isGood(machine) && kind !== 'stop' && kind !== 'restart' && before !== 'any' ? before : 'any';
};

/** A first installation that does not start is one all the same, and says so. */
const didNotStart = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && 'startFailure' in result;

const runAction = async (machine: ManagedMachine, before: Expected, act: Action): Promise<Expected> => {
  try {
    const result = await machine.run(start(machine, act));
    return didNotStart(result) ? 'any' : afterAction(machine, before, act, true);
  } catch {
    return afterAction(machine, before, act, false);
  }
};

/** Time passes for an action that will never answer again. */
const whenCut = async (machine: ManagedMachine, isCut: () => boolean): Promise<void> => {
  for (let i = 0; i < 2000 && !isCut(); i += 1) {
    await new Promise<void>((resolve) => {
      machine.clock.after(50, resolve);
    });
  }
};

const cutPower = async (machine: ManagedMachine, act: Action, call: number): Promise<Expected> => {
  const former = machine.scm.service(NAME)?.config.startType;
  const cuts = (): number => machine.scm.history.filter((line) => line.endsWith('power cut')).length;
  const before = cuts();
  const isCut = (): boolean => cuts() > before;
  machine.scm.cutAt(call);
  const ending = start(machine, act).then(
    () => undefined,
    () => undefined,
  );
  await machine.run(Promise.race([ending, whenCut(machine, isCut)]));
  if (!isCut()) machine.scm.powerCut();
  const service = machine.scm.service(NAME);
  if (former !== undefined && act.kind !== 'uninstall') {
    insist(service !== undefined, 'the service is gone');
    insist(
      former !== 'auto' || service?.config.startType === 'auto',
      'the service is not automatic any more',
    );
  }
  machine.scm.boot();
  // A first installation may have been cut before it set recovery: the start has, in its first moments.
  await machine.elapse(1000);
  if (service === undefined) return 'absent';
  // An uninstallation that was cut may leave it disabled, and nothing else does.
  return service.config.startType === 'auto' ? started(machine) : 'down';
};

const byHand = async (
  machine: ManagedMachine,
  before: Expected,
  kind: 'stop' | 'start',
): Promise<Expected> => {
  const manager = machine.scm.manager(NAME);
  try {
    await manager[kind]();
    await machine.elapse(20_000);
    return kind === 'stop' ? (before === 'any' ? 'any' : 'down') : started(machine);
  } catch {
    return before;
  }
};

const perform = async (machine: ManagedMachine, before: Expected, next: Step): Promise<Expected> => {
  switch (next.kind) {
    case 'act':
      return runAction(machine, before, next.action);
    case 'cut':
      return cutPower(machine, next.action, next.call);
    case 'refuse':
      machine.scm.fault(next.method, 5);
      return runAction(machine, before, next.action).finally(() => {
        machine.scm.clearFaults();
      });
    case 'crash':
      machine.good.crash();
      return before;
    case 'vanish':
      machine.scm.process(NAME)?.exit(0xc0000005);
      return before;
    case 'service-stop':
      return byHand(machine, before, 'stop');
    case 'service-start':
      return byHand(machine, before, 'start');
    case 'wait':
      await machine.elapse(next.ms);
      return before;
    case 'check':
      await check(machine, before);
      return before;
  }
};

const check = async (machine: ManagedMachine, expected: Expected): Promise<void> => {
  await machine.elapse(LONGEST_MS);
  if (expected === 'up') insist(machine.online(), 'it should be online');
  if (expected === 'down' || expected === 'absent')
    insist(machine.processes() === 0, `it should be ${expected}`);
};

const live = async (steps: readonly Step[]): Promise<void> => {
  const machine = createManagedMachine();
  let expected: Expected = 'absent';
  for (const next of steps) {
    expected = await perform(machine, expected, next);
    insist(machine.processes() <= 1, 'two instances');
    insist(machine.scm.violations.length === 0, machine.scm.violations.join());
  }
  await check(machine, expected);
};

test('whatever happens to it, a machine is what was asked of it', { timeout: 240_000 }, async (t) => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 16 }), live), { numRuns: 400 });
  t.pass();
});
