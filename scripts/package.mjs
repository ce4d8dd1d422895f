// `npm run package [-- FOLDER]`: guruconnect.exe and what lies beside it, in dist or where it is told.
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { addonFile } from './native.mjs';
import { windowsNode } from './node-programs.mjs';
import { setUp } from './setup.mjs';

const MIB = 1024 * 1024;
const say = (line) => process.stdout.write(`${line}\n`);
const size = (file) => `${(statSync(file).size / MIB).toFixed(1)} MiB`;

setUp(say);
// What it imports is there only now.
const { OUT, makePackage } = await import('./package/make.mjs');
const [folder = OUT] = process.argv.slice(2);
try {
  const { executable, installer } = await makePackage(say, resolve(folder));
  say(
    `${executable}: ${size(executable)} (node.exe ${size(windowsNode)}, addon ${size(addonFile('win32-x64'))})`,
  );
  if (installer === undefined) say('No installer: wixl, which makes it, is not for Windows.');
  else say(`${installer}: ${size(installer)}`);
  for (const file of [executable, installer].filter((one) => one !== undefined))
    say(`sha256 ${createHash('sha256').update(readFileSync(file)).digest('hex')} ${basename(file)}`);
} catch (error) {
  process.stderr.write(`package: ${error.message}\n`);
  process.exitCode = 1;
}
