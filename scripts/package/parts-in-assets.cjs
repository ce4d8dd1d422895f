// The first thing that runs in the packaged program: its parts are assets of the executable.
'use strict';
process.title = 'guruconnect';
const { getRawAsset } = require('node:sea');
const { runParts } = require('./parts.cjs');

const textOf = (name) => Buffer.from(getRawAsset(name)).toString();
runParts('packaged.js', textOf, process.execPath);
