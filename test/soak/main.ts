/**
 * Many lives of a service in one process, and what is left of them: `node --expose-gc main.js --cycles N [--seed S]`, N crashes and N
 * stops. With `--relay URL --token T` the agent among the workers goes there, else to a relay that is started for it. With
 * `--windows` all of that happens under Wine; with `--leak` a file is left open and 10 KB are kept with each cycle, which has to be
 * found. With `--reconnects N` it is an agent instead that loses N sessions. Exit code 1 where anything has grown.
 */
import { mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '@guruconnect/shared/usage-error';
import { soakReconnects } from './reconnects.ts';
import { soak } from './soak.ts';
import { soakOnWindows } from './windows.ts';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    relay: { type: 'string' },
    token: { type: 'string', default: 'soak' },
    windows: { type: 'boolean', default: false },
    reconnects: { type: 'string' },
    leak: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const plan = { cycles: Number(values.cycles), seed: Number(values.seed) };

const LEAK_NUMBERS = 1280;
const leaked: unknown[] = [];
const leak = (): void => {
  leaked.push(
    openSync(process.execPath, 'r'),
    Array.from({ length: LEAK_NUMBERS }, () => Math.random()),
  );
};

/** On Windows the log in it is still open. */
const remove = (folder: string): void => {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    say(`left behind: ${messageOf(error)}`);
  }
};

const soakHere = async (): Promise<boolean> => {
  const scratch = mkdtempSync(join(tmpdir(), 'gc-soak-'));
  const temp = join(scratch, 'temp');
  mkdirSync(temp);
  Object.assign(process.env, { TMPDIR: temp, TEMP: temp, TMP: temp });
  const { relay, token, reconnects } = values;
  const given = { token, data: join(scratch, 'data'), say };
  try {
    return await (reconnects === undefined
      ? soak({ ...plan, ...given, relay, afterEach: values.leak ? leak : () => undefined })
      : soakReconnects({ ...given, count: Number(reconnects) }));
  } finally {
    remove(scratch);
  }
};

const ok = await (values.windows ? soakOnWindows({ ...plan, token: values.token, say }) : soakHere());
process.exitCode = ok ? 0 : 1;
