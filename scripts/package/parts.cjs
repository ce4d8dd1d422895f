// The program in parts: each is compiled when it is first asked for. What a start does not need costs it nothing.
'use strict';
const { dirname } = require('node:path');
const { pathToFileURL } = require('node:url');
const { compileFunction } = require('node:vm');

const PARAMETERS = ['require', 'module', 'exports', '__filename', '__dirname', '__moduleUrl'];

/**
 * @param {string} first the part that runs at once; the others are asked for as `./name`, and all else is Node's own
 * @param {(name: string) => string} textOf a part by its name, as CommonJS
 * @param {string} file what all of them take for their own
 */
exports.runParts = (first, textOf, file) => {
  const place = [file, dirname(file), pathToFileURL(file).href];
  const parts = new Map();
  const load = (name) => {
    const known = parts.get(name);
    if (known !== undefined) return known.exports;
    const part = { exports: {} };
    // Before it runs: parts may ask for each other.
    parts.set(name, part);
    const run = compileFunction(textOf(name), PARAMETERS, { filename: `guruconnect:${name}` });
    run.call(part.exports, requirePart, part, part.exports, ...place);
    return part.exports;
  };
  const requirePart = (name) => (name.startsWith('./') ? load(name.slice(2)) : require(name));
  load(first);
};
