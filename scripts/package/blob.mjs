// What Node finds in its own executable: the program and its assets, in Node's format, made by Node of the very version.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addonFile } from '../native.mjs';
import { sameNode } from '../node-programs.mjs';
import { ROOT } from '../setup.mjs';
import { writeParts } from './bundle.mjs';

/**
 * Paths are relative and with slashes, as the first of them is kept in the blob.
 * @param {string} folder below the root, for what is written on the way
 * @param {{ name: string, code: string }[]} parts of the program
 * @returns {Buffer}
 */
export function makeBlob(folder, parts) {
  const at = (name) => join(ROOT, folder, name);
  const addon = addonFile('win32-x64');
  writeFileSync(
    at('guruconnect.node.sha256'),
    createHash('sha256').update(readFileSync(addon)).digest('hex'),
  );
  const configuration = {
    main: `${folder}/guruconnect.cjs`,
    output: `${folder}/sea.blob`,
    disableExperimentalSEAWarning: true,
    // A cache is of the platform that made it, and differs from run to run.
    useCodeCache: false,
    assets: {
      ...Object.fromEntries(writeParts(parts, at('parts'))),
      'guruconnect.node': addon,
      'guruconnect.node.sha256': at('guruconnect.node.sha256'),
      'config.schema.json': join(ROOT, 'packages', 'shared', 'config.schema.json'),
    },
  };
  writeFileSync(at('sea.json'), JSON.stringify(configuration));
  const args = ['--experimental-sea-config', `${folder}/sea.json`];
  const { status, stdout, stderr, error } = spawnSync(sameNode, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: {},
  });
  if (status !== 0)
    throw new Error(`${sameNode} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`);
  return readFileSync(at('sea.blob'));
}
