/** A data folder that a worker as LocalService is let into, as `install` finds it: in order, and no more than that. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSecurity } from '@guruconnect/native';
import { type FolderAddon, inspectFolder, planFolder } from '@guruconnect/supervisor/manage/protected-folder';
import { test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';

const LOCAL_SERVICE = 'S-1-5-19';
const allow = (sid: string, mask: number, flags = 0) => ({ type: 0, flags, mask, sid });
const CLOSED = [allow('S-1-5-18', 0x1f01ff), allow('S-1-5-32-544', 0x1f01ff)];
const LISTED = [...CLOSED, allow(LOCAL_SERVICE, 0x1200a9), allow(LOCAL_SERVICE, 0x120089, 0xd)];
const ADDED_TO = [...CLOSED, allow(LOCAL_SERVICE, 0x1200ab)];
const WRITTEN = [...CLOSED, allow(LOCAL_SERVICE, 0x12019f)];
const TRUST = { takeOver: false, insecureWay: true };

const addonWith = (others: Readonly<Record<string, Partial<FileSecurity>>>): FolderAddon => ({
  fileSecurity: (path) => Promise.resolve({ error: 0, owner: 'S-1-5-18', aces: CLOSED, ...others[path] }),
  makeProtectedFolder: () => Promise.resolve(0),
  protectFile: () => Promise.resolve(0),
});

const agentFolder = (data: string): { logs: string; log: string; config: string } => {
  const logs = join(data, 'logs', 'worker');
  mkdirSync(logs, { recursive: true });
  const [log, config] = [join(logs, 'worker.log'), join(data, 'config.json')];
  for (const path of [log, config]) writeFileSync(path, '{}');
  return { logs, log, config };
};

test('what LocalService may read, and its log, are nobody’s intrusion', async (t) => {
  const data = tempDir(t);
  const { logs, log } = agentFolder(data);
  const addon = addonWith({
    [data]: { aces: LISTED },
    [logs]: { aces: ADDED_TO },
    // Who makes a file owns it.
    [log]: { aces: WRITTEN, owner: LOCAL_SERVICE },
  });
  t.equal(await inspectFolder(addon, data, TRUST), 'protect');
});

test('where it may write to anything else, what lies there is not believed', async (t) => {
  const data = tempDir(t);
  const { config, logs } = agentFolder(data);
  for (const others of [
    { [data]: { aces: ADDED_TO } },
    { [config]: { aces: WRITTEN } },
    { [join(data, 'logs')]: { aces: ADDED_TO } },
    { [config]: { owner: LOCAL_SERVICE } },
  ])
    await t.rejects(inspectFolder(addonWith(others), data, TRUST), {
      message: /LocalService can write to it/,
    });
  const users = { [logs]: { aces: [...CLOSED, allow('S-1-5-32-545', 0x1200ab)] } };
  await t.rejects(inspectFolder(addonWith(users), data, TRUST), { message: /Users can write to it/ });
});

test('a folder that holds other things may be listed by it, and by nobody else', (t) => {
  const found = (aces: typeof CLOSED) => ({
    security: { owner: 'S-1-5-18', entries: aces },
    names: ['config.json', 'mine.txt'],
  });
  t.equal(planFolder('d', found(LISTED), false), 'leave');
  t.throws(() => planFolder('d', found(ADDED_TO), false), { message: /is open to LocalService/ });
  t.end();
});
