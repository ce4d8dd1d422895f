import { ofKind } from '@guruconnect/relay';
import { test } from 'tap';
import { installAgent } from '../helpers/agent-service.ts';
import { openManaged } from '../helpers/managed-service.ts';
import { openLab, windowsUnavailable } from '../helpers/windows.ts';

/** The stand-in speaks to services as Wine does, and a real Windows is not rebooted by a test. */
const skip = windowsUnavailable() ?? (process.platform === 'win32' && 'under Wine only');

void test('a reboot', { skip, timeout: 120_000 }, async (suite) => {
  const lab = await openLab({ ownPrefix: true });
  suite.teardown(() => lab.close());
  await suite.test(
    'the auto-start service is online again by itself, with the credential it had',
    async (t) => {
      const service = await installAgent(t, lab, { startType: 'auto' });
      await service.online();
      const before = service.relay.events.length;
      await lab.reboot();
      await service.relay.waitFor(ofKind('session-online'), 30_000, before);
      t.equal(service.relay.events.filter(ofKind('enrolled')).length, 1, 'enrolled once');
      t.match(await service.query(), { state: 'running', alive: true });
    },
  );

  await suite.test('what `install` has made is there again after a stop and a reboot', async (t) => {
    const service = await openManaged(t, lab);
    t.equal((await service.install()).code, 0);
    t.equal((await service.run('stop')).code, 0);
    const before = service.relay.events.length;
    await lab.reboot();
    await service.relay.waitFor(ofKind('session-online'), 30_000, before);
    t.match(await service.status(), { exitCode: 0, service: { state: 'running' } });
  });
});
