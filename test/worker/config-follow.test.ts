/** A configuration file that changes under an agent that runs. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentOptions, Config } from '@guruconnect/shared/config';
import { loadConfig } from '@guruconnect/shared/config-file';
import { createLog } from '@guruconnect/shared/log';
import { TIMING } from '@guruconnect/shared/timing';
import { followConfig } from '@guruconnect/worker/config-follow';
import type { ReloadPlan } from '@guruconnect/worker/reload';
import { type Test, test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { TOLD_MS, pause } from './config-watching.ts';

const bounded = { timeout: 20_000 };
const RELAY = 'wss://relay.example';

for (const name of Object.keys(process.env)) {
  if (name.startsWith('GURUCONNECT_')) Reflect.deleteProperty(process.env, name);
}

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly why?: readonly string[];
  readonly keys?: readonly string[];
}

const following = (t: Test, content: unknown, flags: AgentOptions = {}, between?: (path: string) => void) => {
  const data = tempDir(t);
  const path = join(data, 'config.json');
  const write = (next: unknown): void => {
    writeFileSync(path, typeof next === 'string' ? next : JSON.stringify(next));
  };
  write(content);
  const clock = createFakeClock();
  const lines: Line[] = [];
  const applied: { after: Config; plan: ReloadPlan }[] = [];
  const refusal: { why?: string } = {};
  const options = { ...flags, data };
  const first = loadConfig(options);
  between?.(path);
  const watch = followConfig(options, first, {
    clock,
    log: createLog('worker', 'debug', { write: (line) => void lines.push(JSON.parse(line) as Line) }),
    apply: (after, plan) => {
      if (refusal.why !== undefined) throw new Error(refusal.why);
      applied.push({ after, plan });
    },
  });
  t.teardown(() => {
    watch.close();
  });
  const settled = async (): Promise<void> => {
    while (clock.pending().length === 0) await pause(5);
    await pause(TOLD_MS);
    clock.advance(TIMING.configSettle);
  };
  return { path, write, settled, lines, applied, refusal };
};
const PLAN = {
  kind: 'change',
  relay: false,
  way: false,
  token: false,
  logLevel: false,
  metrics: false,
  restart: false,
};
const WARN = 40;
const CANNOT = 'the configuration has changed and cannot be used: the former one stays';

test('a change is loaded, handed over with what it means, and logged by its keys', bounded, async (t) => {
  const { write, settled, lines, applied } = following(t, { relay: RELAY });
  t.same([lines, applied], [[], []], 'nothing has changed yet');
  write({ relay: RELAY, logLevel: 'debug', metricsPort: 9464, enrollToken: 'hunter2' });
  await settled();
  t.match(applied, [
    {
      after: { relay: RELAY, logLevel: 'debug', metricsPort: 9464 },
      plan: { ...PLAN, logLevel: true, metrics: true, token: true },
    },
  ]);
  t.match(lines, [
    { msg: 'the configuration has changed', keys: ['enrollToken', 'logLevel', 'metricsPort'] },
  ]);
  t.notMatch(JSON.stringify(lines), 'hunter2');
  write({ relay: RELAY, metricsPort: 9464, enrollToken: 'hunter2' });
  await settled();
  t.match(applied.slice(1), [{ after: { logLevel: 'info' }, plan: { ...PLAN, logLevel: true } }]);
  t.match(lines.slice(1), [{ keys: ['logLevel'] }]);
});

test(
  'one that is not valid is told with all that is wrong, and the next is compared with the former',
  bounded,
  async (t) => {
    const { path, write, settled, lines, applied } = following(t, { relay: RELAY });
    write({ relay: 'x', logLevel: 'loud' });
    await settled();
    write('{');
    await settled();
    t.same(applied, []);
    t.match(lines, [
      {
        level: WARN,
        msg: CANNOT,
        why: [`${path}: relay: not a URL`, `${path}: logLevel: not one of error, warn, info, debug`],
      },
      { level: WARN, msg: CANNOT, why: [`${path}: not valid JSON`] },
    ]);
    write({ relay: RELAY });
    await settled();
    t.same(applied, [], 'as it was');
    write({ relay: RELAY, proxy: 'http://proxy.example' });
    await settled();
    t.match(applied, [{ plan: { ...PLAN, way: true } }]);
  },
);

test(
  'a file that is deleted leaves the former one where the rest is no configuration',
  bounded,
  async (t) => {
    const { path, settled, lines, applied } = following(t, { relay: RELAY });
    rmSync(path);
    await settled();
    t.same(applied, []);
    t.match(lines, [{ msg: CANNOT, why: ['no relay is configured: give --relay or set GURUCONNECT_RELAY'] }]);
  },
);

test('a file that is deleted is a change where flags are enough', bounded, async (t) => {
  const { path, settled, applied } = following(t, { logLevel: 'debug' }, { relay: RELAY });
  rmSync(path);
  await settled();
  t.match(applied, [{ after: { logLevel: 'info' }, plan: { ...PLAN, logLevel: true } }]);
});

test('what a flag overrules changes nothing', bounded, async (t) => {
  const { write, settled, lines, applied } = following(
    t,
    { logLevel: 'debug' },
    { relay: RELAY, logLevel: 'warn' },
  );
  write({ logLevel: 'error' });
  await settled();
  t.same([lines, applied], [[], []]);
});

test('a change that is refused is told with the reason, and stays to be made', bounded, async (t) => {
  const { write, settled, lines, applied, refusal } = following(t, { relay: RELAY });
  refusal.why = 'the stored credential is for another relay';
  write({ relay: 'wss://other.example' });
  await settled();
  t.match(lines, [{ level: WARN, msg: CANNOT, why: [refusal.why] }]);
  delete refusal.why;
  write({ relay: 'wss://other.example', enrollToken: 'T' });
  await settled();
  t.match(applied, [{ plan: { ...PLAN, relay: true, token: true } }]);
});

test('what has changed between loading and watching is not missed', (t) => {
  const { applied } = following(t, { relay: RELAY }, {}, (path) => {
    writeFileSync(path, JSON.stringify({ relay: RELAY, logLevel: 'error' }));
  });
  t.match(applied, [{ after: { logLevel: 'error' }, plan: { ...PLAN, logLevel: true } }]);
  t.end();
});

test('a folder in place of the file is told like a file that is not valid', bounded, async (t) => {
  const { path, settled, lines, applied } = following(t, { relay: RELAY });
  rmSync(path);
  mkdirSync(path);
  await settled();
  t.same(applied, []);
  t.match(lines, [{ level: WARN, msg: CANNOT, why: [new RegExp('config.json: EISDIR')] }]);
});

test(
  'another account is said to count after a restart, once, and the rest of the change counts now',
  bounded,
  async (t) => {
    const { write, settled, lines, applied } = following(t, { relay: RELAY });
    write({ relay: RELAY, logLevel: 'debug', workerAccount: 'local-service' });
    await settled();
    t.match(applied, [{ plan: { ...PLAN, logLevel: true, restart: true } }]);
    t.match(lines, [
      { msg: 'the configuration has changed', keys: ['logLevel', 'workerAccount'] },
      {
        level: WARN,
        msg: 'a change of the configuration counts after a restart of the service',
        keys: ['workerAccount'],
      },
    ]);
  },
);
