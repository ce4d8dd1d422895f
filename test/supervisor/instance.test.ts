import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '@guruconnect/shared/usage-error';
import { asOnlyInstance, claimInstance } from '@guruconnect/supervisor/instance';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const bounded = { timeout: 5_000 };

const one = (): Promise<number> => Promise.resolve(1);

/** Claims the folder and holds it until released. */
const hold = async (dataDir: string) => {
  let release!: () => void;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let started!: () => void;
  const working = new Promise<void>((resolve) => {
    started = resolve;
  });
  const done = asOnlyInstance(dataDir, () => {
    started();
    return released;
  });
  await Promise.race([working, done]);
  return { release, done };
};

test('the work’s result is the result', bounded, async (t) => {
  t.equal(await asOnlyInstance(tempDir(t), one), 1);
});

test(
  'a second supervisor on the same folder is refused in one line, and does not work',
  bounded,
  async (t) => {
    const dataDir = tempDir(t);
    const first = await hold(dataDir);
    let worked = false;
    const second = asOnlyInstance(dataDir, () => {
      worked = true;
      return one();
    });
    const error = await second.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    t.ok(error instanceof UsageError);
    t.equal((error as Error).message, `another supervisor is already running for ${dataDir}`);
    t.notOk(worked);
    await t.rejects(asOnlyInstance(dataDir, one), 'the refusal has not broken the claim');
    first.release();
    await first.done;
  },
);

test('of two that start at the same moment one works', bounded, async (t) => {
  const dataDir = tempDir(t);
  const claims = await Promise.allSettled([hold(dataDir), hold(dataDir)]);
  const holders = claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
  t.equal(holders.length, 1);
  for (const holder of holders) {
    holder.release();
    await holder.done;
  }
});

test('supervisors of two folders do not know each other', bounded, async (t) => {
  const first = await hold(tempDir(t));
  t.equal(await asOnlyInstance(tempDir(t), one), 1);
  first.release();
  await first.done;
});

test('the folder is free again after the work', bounded, async (t) => {
  const dataDir = tempDir(t);
  for (let i = 0; i < 3; i += 1) t.equal(await asOnlyInstance(dataDir, one), 1);
});

test('the folder is free again after work that fails, and the failure is told', bounded, async (t) => {
  const dataDir = tempDir(t);
  await t.rejects(
    asOnlyInstance(dataDir, () => Promise.reject(new Error('broken'))),
    { message: 'broken' },
  );
  await t.rejects(
    asOnlyInstance(dataDir, () => {
      throw new Error('broken at once');
    }),
    { message: 'broken at once' },
  );
  t.equal(await asOnlyInstance(dataDir, one), 1);
});

// sockaddr_un has room for 107 bytes: a name made of the folder itself would not fit.
test('a folder with a long name is claimed like any other', bounded, async (t) => {
  const dataDir = join(tempDir(t), 'é'.repeat(90));
  const first = await hold(dataDir);
  await t.rejects(asOnlyInstance(dataDir, one), { name: 'UsageError' });
  t.equal(await asOnlyInstance(`${dataDir}2`, one), 1, 'and another one is another one');
  first.release();
  await first.done;
  t.equal(await asOnlyInstance(dataDir, one), 1);
});

test('a claim makes no folder: how one is made is for whoever claims it to say', bounded, async (t) => {
  const dataDir = join(tempDir(t), 'missing');
  await t.rejects(claimInstance(dataDir), { name: 'UsageError', message: /data folder cannot be used/ });
  t.notOk(existsSync(dataDir));
});
