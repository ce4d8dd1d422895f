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

const worker = async (args) => (await load('../../worker/dist/main.js')).runWorker(args);

const args = process.argv.slice(2);
// A child of the program's own does not wait for a parser.
if (args[0] === 'worker' && /^--(?:supervised|probe)$/.test(args[1])) await worker(args.slice(1));
else await (await load('../dist/main.js')).runCommand(args, worker);
