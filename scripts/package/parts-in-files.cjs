// The same program where there is no executable: its parts lie in a folder beside this. For benchmarks, on whichever platform.
'use strict';
process.title = 'guruconnect';
const { readFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const { runParts } = require('./parts.cjs');

const textOf = (name) => readFileSync(join(__dirname, 'parts', name), 'utf8');
runParts(basename(__filename), textOf, __filename);
