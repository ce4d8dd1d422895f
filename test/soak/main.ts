/** `npm run soak`: see `command-line.ts`. Run by `node --expose-gc`; exit code 1 where a bound was missed or anything has grown. */
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandLine, USAGE, parseCommandLine } from './command-line.ts';
import { leak } from './leak.ts';
import { soakReconnects } from './reconnects.ts';
import { remove } from './remove.ts';
import { soak } from './soak.ts';
import { stormHere } from './storm-run.ts';
import { soakOnWindows } from './windows.ts';

const SEEDS = 1_000_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What counts the entries of the temporary folder has one of its own. */
const inScratch = async (work: (data: string) => Promise<boolean>): Promise<boolean> => {
  const scratch = mkdtempSync(join(tmpdir(), 'gc-soak-'));
  const temp = join(scratch, 'temp');
  mkdirSync(temp);
  Object.assign(process.env, { TMPDIR: temp, TEMP: temp, TMP: temp });
  try {
    return await work(join(scratch, 'data'));
  } finally {
    remove(scratch, say);
  }
};

const run = (asked: Exclude<CommandLine, { kind: 'help' | 'usage-error' }>): Promise<boolean> => {
  switch (asked.kind) {
    case 'storm':
      return stormHere(asked);
    case 'reconnects':
      return inScratch((data) => soakReconnects({ ...asked, data, say }));
    case 'cycles':
      if (asked.windows) return soakOnWindows({ ...asked, say });
      return inScratch((data) =>
        soak({ ...asked, data, say, afterEach: asked.leak ? leak : () => undefined }),
      );
  }
};

const asked = parseCommandLine(process.argv.slice(2), () => randomInt(SEEDS));
if (asked.kind === 'help') say(USAGE);
else if (asked.kind === 'usage-error') {
  process.stderr.write(`soak: ${asked.why} (npm run soak -- --help)\n`);
  process.exitCode = 2;
} else process.exitCode = (await run(asked)) ? 0 : 1;
