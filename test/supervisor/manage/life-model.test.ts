/**
 * Random lives of a machine: installations, updates good and bad, starts, stops, crashes, refusals and power cuts, in any
 * order and at any call. A model that is no more than four words knows what has to be true of each.
 */
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { RECOVERY } from '@guruconnect/supervisor/manage/service-definition';
import { restartService, startService } from '@guruconnect/supervisor/manage/start-service';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import { uninstallService } from '@guruconnect/supervisor/manage/uninstall-service';
import fc from 'fast-check';
import { test } from 'tap';
import { type Action, type Step, step } from './life-steps.ts';
import { type ManagedMachine, NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';

/** `up`: online, at the latest after the longest delay. `down`: asked to stop. `any`: a program that cannot come up. */
type Expected = 'up' | 'down' | 'absent' | 'any';

const LONGEST_MS = 600_000 + 30_000;

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
  if (!isGood(machine) || kind === 'stop' || kind === 'restart') return 'any';
  // A start that failed may yet be made good by recovery.
  return kind === 'start' && before !== 'up' ? 'any' : before;
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

/** An uninstallation that was cut may leave it disabled, and nothing else does. */
const afterBoot = (machine: ManagedMachine): Expected => {
  const service = machine.scm.service(NAME);
  if (service === undefined) return 'absent';
  return service.config.startType === 'auto' ? started(machine) : 'down';
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
  return afterBoot(machine);
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

const kill = (machine: ManagedMachine, how: 'crash' | 'vanish'): void => {
  if (how === 'crash') machine.good.crash();
  else machine.scm.process(NAME)?.exit(0xc0000005);
};

/** Start, hello and online of the made-up worker. */
const START_MS = 1000;

/** Not before the delay that belongs to this failure, unless an earlier one has a restart queued, and then soon. */
const die = async (machine: ManagedMachine, expected: Expected, how: 'crash' | 'vanish'): Promise<void> => {
  const service = machine.scm.service(NAME);
  if (expected !== 'up' || service?.status.state !== 'running' || !machine.online()) return;
  const alone = service.queue.size === 0;
  kill(machine, how);
  const delayMs = RECOVERY.actions[Math.min(service.failures, RECOVERY.actions.length) - 1]?.delayMs ?? NaN;
  await machine.elapse(delayMs - 1);
  insist(!alone || machine.processes() === 0, `back before ${delayMs} ms`);
  await machine.elapse(1 + START_MS);
  insist(machine.online(), `not back after ${delayMs} ms`);
};

const perform = async (machine: ManagedMachine, before: Expected, next: Step): Promise<Expected> => {
  switch (next.kind) {
    case 'act':
      return runAction(machine, before, next.action);
    case 'cut':
      return cutPower(machine, next.action, next.call);
    case 'upset':
      machine.scm.at(next.call, () => {
        kill(machine, next.how);
      });
      return runAction(machine, before, next.action).finally(() => {
        machine.scm.clearFaults();
      });
    case 'shutdown':
      machine.scm.shutdown();
      machine.scm.boot();
      await machine.elapse(1000);
      return afterBoot(machine);
    case 'refuse':
      machine.scm.fault(next.method, 5);
      return runAction(machine, before, next.action).finally(() => {
        machine.scm.clearFaults();
      });
    case 'crash':
    case 'vanish':
      kill(machine, next.kind);
      return before;
    case 'death':
      await die(machine, before, next.how);
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

/** Another life at every run, but in CI: there the same ones for everybody. */
const SEED = process.env['CI'] === 'true' ? { seed: 20_261_124 } : {};

test('whatever happens to it, a machine is what was asked of it', { timeout: 240_000 }, async (t) => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 16 }), live), { numRuns: 400, ...SEED });
  t.pass();
});
