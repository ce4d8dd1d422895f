/** A process is killed while it replaces a credential. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isOwnFile } from '@guruconnect/shared/data-folder';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { STORED, find, readCredential, writeCredential } from './stored.ts';

const PROGRAM = fileURLToPath(new URL('replacing-program.js', import.meta.url));
const ROUNDS = 16;

test(`killed ${ROUNDS} times in the middle of it, a process leaves a whole credential`, async (t) => {
  const dataDir = tempDir(t);
  let halves = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const child = spawn(process.execPath, [PROGRAM, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.teardown(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    // A write takes a few milliseconds: the kills fall on every part of it.
    await after((round * 7) % 12);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const found = await find(dataDir);
    if (found.kind !== 'stored') t.fail(`round ${round}: ${found.kind}`);
    if (readdirSync(dataDir).includes('credential.json.new')) halves += 1;
    if (!readdirSync(dataDir).every(isOwnFile)) t.fail(`a stranger: ${readdirSync(dataDir).join(' ')}`);
  }
  t.comment(`${halves} of them left a temporary file`);
  await writeCredential(dataDir, STORED);
  t.strictSame(await readCredential(dataDir), STORED, 'the next write works');
  t.notOk(readdirSync(dataDir).includes('credential.json.new'));
});
