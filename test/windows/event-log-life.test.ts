/**
 * What a real service gives to the Event Log in its life. Wine keeps no event and gives none back, but says what it was given: in
 * a prefix of its own that is told to, the calls of a service are in the log that the prefix was booted with.
 */
import { readFileSync } from 'node:fs';
import { VERSION } from '@guruconnect/shared/identity';
import { test } from 'tap';
import { installAgent } from '../helpers/agent-service.ts';
import { readLog } from '../helpers/service-log.ts';
import { onWindows, openLab, windowsUnavailable } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;

void test('the events of a service', { skip, timeout: 300_000 }, async (suite) => {
  if (onWindows) {
    suite.comment(
      'not checked: the events that Windows has kept; Get-WinEvent shows them, see docs/operations.md',
    );
    return;
  }
  process.env['GURUCONNECT_WINEDEBUG'] = '-all,+eventlog';
  const lab = await openLab({ ownPrefix: true });
  suite.teardown(() => lab.close());
  /** Every event: its level as Wine has it, and its strings but the last, which is empty where nothing was left out. */
  const events = (): readonly (readonly string[])[] => {
    const found: string[][] = [];
    let open: string[] = [];
    const log = readFileSync(lab.bootLog ?? '', 'utf8');
    for (const [, level = '', text = ''] of log.matchAll(/(\w+):eventlog:ReportEventW L"(.*)"/g)) {
      if (open.length === 0) open.push(level);
      if (text !== '') open.push(text);
      else {
        found.push(open);
        open = [];
      }
    }
    return found;
  };

  await suite.test('start, enrolment, online, a death, a start again, a stop', async (t) => {
    const service = await installAgent(t, lab);
    await service.online();
    const worker = readLog(service.data).find(({ msg }) => msg === 'worker spawned')?.worker;
    await lab.svcctl('terminate', Number(worker), 1);
    t.match(await service.waitFor('stopped'), { error: 0 });
    await service.online();
    await service.control(1);
    t.match(await service.waitFor('stopped'), { error: 0, win32ExitCode: 0 });
    const { url } = service.relay;
    const started = ['trace', VERSION, /\w/];
    t.match(events(), [
      started,
      ['trace', url],
      ['trace', url],
      ['err', 'exited', 'exit code 1', /^\d+ s$/],
      started,
      ['trace', url],
      ['trace', 'it was told to stop'],
    ]);
    t.comment(
      'not checked, as this platform keeps no events: ids, categories and texts as Get-WinEvent gives them back',
    );
    t.equal(events().length, 7, 'enrolled and online, and then online again, with nothing to tell twice');
  });
});
