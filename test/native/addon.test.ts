import type * as Native from '@guruconnect/native';
import { cpSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  NativeError,
  SCM_EVENT,
  isAddonBuilt,
  loadManager,
  loadParentDeath,
  loadScm,
  loadSecrets,
  loadWinHttp,
} from '@guruconnect/native';
import { type Test, test } from 'tap';
import { fixture, isAlive, isGone, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

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
    ...['protectData', 'unprotectData', 'makeProtectedFile', 'replaceFile'],
    ...['firmwareTable', 'machineGuid', 'winHttpProxy'],
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

for (const load of [loadSecrets, loadWinHttp]) {
  test(`${load.name} gives what Windows has where the addon was built, and nothing elsewhere`, (t) => {
    t.doesNotThrow(load);
    t.equal(load() !== undefined, process.platform === 'win32' && isAddonBuilt());
    t.end();
  });
}

test('a package without an addon says so, or has nothing to offer, and never throws where it need not', async (t) => {
  const folder = tempDir(t);
  const built = join(folder, 'native', 'dist');
  cpSync(fileURLToPath(new URL('.', import.meta.resolve('@guruconnect/native'))), built, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const native = (await import(pathToFileURL(join(built, 'index.js')).href)) as typeof Native;
  t.same(
    [native.isAddonBuilt(), native.loadSecrets(), native.loadParentDeath()],
    [false, undefined, undefined],
  );
  const code = process.platform === 'win32' ? 'addon-missing' : 'scm-unsupported';
  t.throws(() => native.loadManager(), { code });
});

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
