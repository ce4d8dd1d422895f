import type * as Native from '@guruconnect/native';
import { cpSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  NativeError,
  SCM_EVENT,
  isAddonBuilt,
  loadMainThread,
  loadManager,
  loadChild,
  loadScm,
  loadSecrets,
  loadWinHttp,
  loadWorkerProcess,
} from '@guruconnect/native';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const unbuilt = isAddonBuilt() ? {} : { skip: 'the addon is not built (npm run native)' };
const EXPORTS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['setParentDeathSignal', 'killGroupOnSignal', 'setNoNewPrivileges', 'closeOnExec', 'peerOf'],
  win32: [
    ...['scmConnect', 'scmSetStatus', 'scmServiceName', 'scmStartReason'],
    ...['scmStatus', 'scmConfig', 'scmCreate', 'scmChange', 'scmDelete', 'scmStart', 'scmControl'],
    ...['scmDescription', 'scmSetDescription', 'scmFailureActions', 'scmSetFailureActions'],
    ...['scmSwitch', 'scmSetSwitch', 'scmPrivileges', 'scmSetPrivileges'],
    ...['scmOpenProcess', 'processWait', 'processTerminate', 'processClose'],
    ...['fileSecurity', 'makeProtectedFolder', 'protectFile'],
    ...['statusServe', 'statusPublish', 'statusRead'],
    ...['protectData', 'unprotectData', 'makeProtectedFile', 'replaceFile'],
    ...['firmwareTable', 'machineGuid', 'winHttpProxy', 'mainThreadCpuMs'],
    ...['sealedPipeCreate', 'sealedPipeAccept', 'sealedPipeClose', 'sealedPipeOpen'],
    ...['workerLaunch', 'workerWait', 'workerTerminate', 'processUser'],
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

for (const load of [loadSecrets, loadWinHttp, loadWorkerProcess, loadMainThread]) {
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
    [native.isAddonBuilt(), native.loadSecrets(), native.loadChild(), native.loadWorkerProcess()],
    [false, undefined, undefined, undefined],
  );
  const code = process.platform === 'win32' ? 'addon-missing' : 'scm-unsupported';
  t.throws(() => native.loadManager(), { code });
});

test('what a child on Linux needs is there, and only there', unbuilt, (t) => {
  t.equal(loadChild() !== undefined, process.platform === 'linux');
  t.end();
});
