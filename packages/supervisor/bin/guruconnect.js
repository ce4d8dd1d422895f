#!/usr/bin/env node
// The launcher: everything it starts is built by `npm run build`.
import { fileURLToPath } from 'node:url';
import { keepToOwnModules, ownRoot } from './own-modules.js';

process.title = 'guruconnect';
keepToOwnModules(ownRoot(fileURLToPath(import.meta.url)));

const load = async (path) => {
  try {
    return await import(path);
  } catch (error) {
    // What the launcher itself imports, and not what that imports in turn.
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || error.url !== new URL(path, import.meta.url).href)
      throw error;
    process.stderr.write('guruconnect: not built yet: run "npm run build" in the checkout\n');
    process.exit(2);
  }
};

const [command, ...rest] = process.argv.slice(2);
if (command === 'worker') await (await load('../../worker/dist/main.js')).runWorker(rest);
else await (await load('../dist/main.js')).runCommand(process.argv.slice(2));
