// `npm run worker -- ...` and `npm run relay -- ...`: sets up what is missing, then is that program.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, setUp } from './setup.mjs';

const PROGRAMS = {
  worker: { script: join(ROOT, 'packages', 'supervisor', 'bin', 'guruconnect.js'), command: ['worker'] },
  relay: { script: join(ROOT, 'packages', 'relay', 'dist', 'main.js'), command: [] },
};

const [name, ...args] = process.argv.slice(2);
const { script, command } = PROGRAMS[name];
setUp((line) => process.stderr.write(`${line}\n`));
process.argv = [process.execPath, script, ...command, ...args];
await import(pathToFileURL(script).href);
