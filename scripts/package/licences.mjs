// The licences of what is in the executable, as their terms ask for: with every copy.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sameNode } from '../node-programs.mjs';
import { ROOT } from '../setup.mjs';

const RULE = ['', '-'.repeat(80), '', ''].join('\n');
const A_LICENCE = /^(?:licen[cs]e|notice|copying)(?:[.-].*)?$/i;

function licenceOf(folder, as) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { version, license } = manifest;
  const name = as ?? manifest.name;
  const files = readdirSync(folder)
    .filter((file) => A_LICENCE.test(file))
    .sort();
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  const text = texts.length > 0 ? texts.join('\n\n') : `(${license}; the package brings no text of it)`;
  return `${name} ${version}\n${'='.repeat(`${name} ${version}`.length)}\n\n${text}\n`;
}

/**
 * @param {readonly string[]} folders of packages, below the root
 * @returns with that of Node and of what is in Node, which the package for Windows leaves out
 */
export function licences(folders) {
  const node = licenceOf(dirname(dirname(sameNode)), 'node');
  const others = folders.map((folder) => licenceOf(join(ROOT, folder)));
  return [node, ...others].join(RULE);
}
