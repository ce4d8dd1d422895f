/** The Event Log under Windows: the texts in the addon, and the registration of the source. */
import { join } from 'node:path';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import {
  CATEGORY_COUNT,
  TYPES_SUPPORTED,
  messageText,
  wholeId,
} from '@guruconnect/supervisor/event-log/event-record';
import { CATEGORIES, EVENTS, type EventType } from '@guruconnect/supervisor/event-log/events';
import { test } from 'tap';
import { openManaged } from '../helpers/managed-service.ts';
import { managerCalls } from '../helpers/manager-calls.ts';
import { ROOT } from '../helpers/program.ts';
import { openLab, toWindowsPath, windowsUnavailable } from '../helpers/windows.ts';
import { readLog } from '../helpers/service-log.ts';
import { addonOfAgent } from '../helpers/windows-programs.ts';

const skip = windowsUnavailable() ?? false;
const SOURCES = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application';
const NOT_FOUND = 2;
const INVALID_NAME = 123;

void test('the Event Log', { skip, timeout: 300_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  const calls = managerCalls(lab);
  const addon = toWindowsPath(
    join(ROOT, 'packages', 'native', 'build', 'win32-x64', 'Release', 'guruconnect.node'),
  );
  /** As reg.exe, which is not ours, reads it. */
  const registry = async (source: string): Promise<string> =>
    (await lab.run('reg', ['query', `${SOURCES}\\${source}`])).stdout;
  const isAbsent = async (source: string) => !(await registry(source)).includes('EventMessageFile');

  await suite.test('the addon has the text of every event and category, and no other', async (t) => {
    const events = Object.entries<EventType>(EVENTS);
    const wanted = [
      ...Object.entries(CATEGORIES).map(([name, id]) => [id, name] as const),
      ...events.map(([, event]) => [wholeId(event), messageText(event)] as const),
    ];
    const strangers = [0, CATEGORY_COUNT + 1, ...events.map(([, { id }]) => id)];
    const ids = [...wanted.map(([id]) => id), ...strangers];
    const { error, messages = [] } = await lab.svcctl('messages', addon, ...ids);
    t.equal(error, 0);
    t.same(
      messages.slice(0, wanted.length).map(({ text }) => text?.trimEnd()),
      wanted.map(([, text]) => text),
    );
    t.ok(
      messages.slice(wanted.length).every((message) => message.error !== 0),
      'an id without its severity has none',
    );
  });

  await suite.test('a source is registered, read, changed and removed', async (t) => {
    const source = lab.serviceName('GuruConnect-source');
    const outcomes = await calls(
      ['addon', 'eventLogSource', source],
      ['addon', 'eventLogUnregister', source],
      ['addon', 'eventLogRegister', source, '%ProgramFiles%\\former.node', 1, 1],
      ['addon', 'eventLogRegister', source, addon, 4, 7],
      ['addon', 'eventLogSource', source],
    );
    const found = { messageFile: addon, categoryFile: addon, categoryCount: 4, typesSupported: 7 };
    const none = { messageFile: '', categoryFile: '', categoryCount: 0, typesSupported: 0 };
    t.same(
      outcomes.map(({ value }) => value),
      [{ error: NOT_FOUND, ...none }, NOT_FOUND, 0, 0, { error: 0, ...found }],
    );
    const entry = await registry(source);
    t.match(entry, /EventMessageFile +REG_EXPAND_SZ/);
    t.match(entry, /CategoryMessageFile +REG_EXPAND_SZ/);
    t.match(entry, /CategoryCount +REG_DWORD +0x4\b/);
    t.match(entry, /TypesSupported +REG_DWORD +0x7\b/);
    t.equal(entry.split(addon).length, 3);
    t.same(await calls(['addon', 'eventLogUnregister', source]).then(([last]) => last?.value), 0);
    t.ok(await isAbsent(source));
  });

  await suite.test('a name that is no source’s reaches no other key', async (t) => {
    for (const name of ['', '\\', 'a\\b', '..\\..\\Services']) {
      const outcomes = await calls(
        ['addon', 'eventLogSource', name],
        ['addon', 'eventLogRegister', name, addon, 4, 7],
        ['addon', 'eventLogUnregister', name],
      );
      t.same(
        outcomes.map(({ value }) => (typeof value === 'object' ? (value as { error: number }).error : value)),
        [INVALID_NAME, INVALID_NAME, INVALID_NAME],
        name,
      );
    }
  });

  await suite.test('install registers the product’s source, and uninstall removes it', async (t) => {
    const service = await openManaged(t, lab);
    const { code, stdout, stderr } = await service.install('--no-start');
    t.equal(code, 0, stderr);
    t.notMatch(stdout, /event source/);
    const installed = toWindowsPath(addonOfAgent());
    const isRegistered = async (what: string): Promise<void> => {
      const [read] = await calls(['addon', 'eventLogSource', SERVICE_NAME]);
      const { messageFile, ...rest } = read?.value as { readonly messageFile: string };
      t.equal(messageFile.toLowerCase(), installed.toLowerCase(), what);
      t.match(rest, { error: 0, categoryCount: CATEGORY_COUNT, typesSupported: TYPES_SUPPORTED }, what);
    };
    await isRegistered('by install');
    await calls(['addon', 'eventLogRegister', SERVICE_NAME, 'C:\\former\\guruconnect.node', 1, 1]);
    t.equal((await service.run('start')).code, 0);
    await isRegistered('by a start, where the program has moved');
    t.ok(readLog(service.data).some(({ msg }) => msg === 'the event source is registered again'));
    t.match(await service.run('uninstall'), { code: 0, stdout: /uninstalled/ });
    t.ok(await isAbsent(SERVICE_NAME));
  });

  await suite.test('events are taken, and arguments of a wrong kind throw at once', async (t) => {
    const report = (...strings: readonly unknown[]) =>
      ['addon', 'eventLogReport', SERVICE_NAME, 4, 1, wholeId(EVENTS.stranger), strings] as const;
    const flush = ['addon', 'eventLogFlush', 5000] as const;
    const outcomes = await calls(flush, report('one'), report('ü€😀', ''), report(), flush, flush);
    t.same(
      outcomes.map(({ value }) => value),
      [0, 0, 0, 0, 0, 0],
    );
    const wrong = await calls(
      ['addon', 'eventLogReport', SERVICE_NAME, 4, 1, 1, 'no list'],
      ['addon', 'eventLogReport', SERVICE_NAME, 'four', 1, 1, []],
      report('a\0b'),
      report(5),
      ['addon', 'eventLogFlush', 'soon'],
    );
    t.same(
      wrong.map(({ error }) => error !== undefined),
      wrong.map(() => true),
    );
  });
});
