import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  NativeError,
  SCM_EVENT,
  isAddonBuilt,
  loadManager,
  loadParentDeath,
  loadScm,
} from '@guruconnect/native';
import { type Test, test } from 'tap';
import { fixture, isAlive, isGone, startProgram } from '../helpers/program.ts';

const unbuilt = isAddonBuilt() ? {} : { skip: 'the addon is not built (npm run native)' };
const linux = process.platform === 'linux' ? unbuilt : { skip: 'only Linux has a parent-death signal' };
const EXPORTS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['setParentDeathSignal'],
  win32: [
    ...['scmConnect', 'scmSetStatus', 'scmServiceName', 'scmStartReason'],
    ...['scmStatus', 'scmConfig', 'scmCreate', 'scmChange', 'scmDelete', 'scmStart', 'scmControl'],
    ...['scmDescription', 'scmSetDescription', 'scmFailureActions', 'scmSetFailureActions'],
    ...['scmSwitch', 'scmSetSwitch', 'scmPrivileges', 'scmSetPrivileges'],
    ...['scmOpenProcess', 'processWait', 'processTerminate', 'processClose'],
    ...['fileSecurity', 'makeProtectedFolder', 'protectFile'],
    ...['statusServe', 'statusPublish', 'statusRead'],
  ],
};

test('the addon exports what its platform has, and nothing else', unbuilt, (t) => {
  const folder = `../build/${process.platform}-${process.arch}/Release`;
  const file = fileURLToPath(
    new URL(`${folder}/guruconnect.node`, import.meta.resolve('@guruconnect/native')),
  );
  const addon: unknown = createRequire(import.meta.url)(file);
  t.same(Object.keys(addon as object).sort(), [...(EXPORTS[process.platform] ?? [])].sort());
  t.end();
});

test('the numbers of the events are the addon’s', (t) => {
  t.same(SCM_EVENT, { started: 0, control: 1, ended: 2 });
  t.end();
});

for (const load of [loadScm, loadManager]) {
  test(`off Windows there is no SCM, which ${load.name} says in one sentence`, (t) => {
    if (process.platform === 'win32') {
      t.doesNotThrow(load);
      t.end();
      return;
    }
    try {
      load();
      t.fail('it was loaded');
    } catch (error) {
      t.ok(error instanceof NativeError);
      t.match(error, {
        code: 'scm-unsupported',
        message: /^the Service Control Manager exists only on Windows$/,
      });
    }
    t.end();
  });
}

test('the parent-death signal is there where the platform has one', unbuilt, (t) => {
  t.equal(loadParentDeath() !== undefined, process.platform === 'linux');
  t.end();
});

test('a signal that does not exist is refused by the system', linux, (t) => {
  t.equal(loadParentDeath()?.setParentDeathSignal(9999), constants.errno.EINVAL);
  t.equal(loadParentDeath()?.setParentDeathSignal(-1), constants.errno.EINVAL);
  t.end();
});

test('something that is no signal at all is an error, and not the end of the process', linux, (t) => {
  const addon = loadParentDeath() as { setParentDeathSignal(...args: unknown[]): unknown } | undefined;
  t.throws(() => addon?.setParentDeathSignal('SIGKILL'));
  t.throws(() => addon?.setParentDeathSignal());
  t.end();
});

/** A child of a child: the pid it says, and what the addon answered it. */
const startFamily = async (t: Test, args: readonly string[]) => {
  const parent = startProgram(fixture('pdeath-parent'), args, { limitMs: 10_000 });
  const [, pid = '', result = ''] = await parent.seen(/^pid (\d+) result (.+)$/m, 8_000);
  const child = Number(pid);
  t.teardown(() => {
    if (isAlive(child)) process.kill(child, 'SIGKILL');
  });
  t.ok(isAlive(parent.pid) && isAlive(child), 'both live');
  return { parent, child, result };
};

test('a child that asked for it dies with its parent', { ...linux, timeout: 15_000 }, async (t) => {
  const { parent, child, result } = await startFamily(t, [String(constants.signals.SIGKILL)]);
  t.equal(result, '0');
  parent.kill('SIGKILL');
  t.ok(await isGone(child, 5_000));
  t.match(await parent.ended, { signal: 'SIGKILL', stderr: '' });
});

test('a child that did not ask for it outlives its parent', { ...linux, timeout: 15_000 }, async (t) => {
  const { parent, child, result } = await startFamily(t, []);
  t.equal(result, 'unasked');
  parent.kill('SIGKILL');
  t.ok(await isGone(parent.pid, 5_000));
  t.notOk(await isGone(child, 300));
});
