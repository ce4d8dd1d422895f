// `npm run pictures`: docs/status.svg and docs/doctor.svg, from real runs of the packaged program under Wine.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, setUp } from './setup.mjs';
import { terminalPicture } from './terminal-picture.mjs';
import { bootPrefix, killPrefix, wineEnvironment } from './wine.mjs';

const say = (line) => process.stdout.write(`${line}\n`);
const TOKEN = 'pictures';

setUp(say);
const { makePackage } = await import('./package/make.mjs');
const { executable: program } = await makePackage(say);
const { startRelay } = await import('@guruconnect/relay');

const folder = mkdtempSync(join(tmpdir(), 'guruconnect-pictures-'));
const prefix = join(folder, 'prefix');
const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });

/** @returns {Promise<string>} what it prints, with its colours */
function run(...args) {
  const file = join(folder, 'output');
  const env = { ...wineEnvironment(prefix), FORCE_COLOR: '1', GURUCONNECT_ENROLL_TOKEN: TOKEN };
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', 'exec wine "$@" > "$0"', file, program, ...args], {
      env,
      stdio: 'ignore',
    });
    child.once('error', reject);
    child.once('exit', () => resolve(readFileSync(file, 'utf8')));
  });
}

try {
  await bootPrefix(prefix);
  await run('install', '--allow-insecure-path', '--take-over-data', '--relay', relay.url);
  const status = await run('status');
  const doctor = await run('doctor', '--allow-insecure-path');
  await run('uninstall', '--purge');
  for (const [name, output] of Object.entries({ status, doctor })) {
    const file = join(ROOT, 'docs', `${name}.svg`);
    writeFileSync(
      file,
      terminalPicture([{ prompt: `guruconnect ${name}`, output }], `guruconnect ${name}, in a terminal`),
    );
    say(file);
  }
} finally {
  await killPrefix(prefix);
  await relay.close();
  rmSync(folder, { recursive: true, force: true });
}
