/** What a service keeps, and follows: its sealed credential, its identity on a copied disk, its configuration, its last words. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { ofKind } from '@guruconnect/relay';
import { test } from 'tap';
import { openManaged } from '../helpers/managed-service.ts';
import { onWindows, openLab, windowsUnavailable } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
const SOON = 30_000;
const CRYPTOGRAPHY = 'HKLM\\SOFTWARE\\Microsoft\\Cryptography';

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

const statusOfMetrics = async (port: number): Promise<number | undefined> => {
  const asked = request({ port, host: '127.0.0.1', path: '/metrics', agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.destroy();
  return response.statusCode;
};

void test('what a service keeps', { skip, timeout: 300_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  const machineGuid = async (): Promise<string> => {
    const { stdout } = await lab.run('reg', ['query', CRYPTOGRAPHY, '/v', 'MachineGuid']);
    return /REG_SZ\s+(\S+)/.exec(stdout)?.[1] ?? '';
  };
  const setMachineGuid = (guid: string) =>
    lab.run('reg', ['add', CRYPTOGRAPHY, '/v', 'MachineGuid', '/t', 'REG_SZ', '/d', guid, '/f']);

  await suite.test(
    'a copied disk: the machine enrols as one of its own, and the relay hears of which it is a copy',
    { skip: onWindows && 'the identity of a real Windows is not changed by a test' },
    async (t) => {
      const service = await openManaged(t, lab);
      const guid = await machineGuid();
      t.match(guid, /^[0-9a-f-]{36}$/i);
      t.teardown(() => setMachineGuid(guid));
      t.equal((await service.install()).code, 0);
      const first = await service.relay.waitFor(ofKind('enrolled'), SOON);
      t.equal(first.reason, 'first');
      t.equal((await service.run('stop')).code, 0);
      await setMachineGuid(randomUUID());
      const before = service.relay.events.length;
      t.equal((await service.run('start')).code, 0);
      const clone = await service.relay.waitFor(ofKind('enrolled'), SOON, before);
      t.match(clone, { reason: 'cloned', formerMachineId: first.machineId });
      t.not(clone.machineId, first.machineId);
      t.not(clone.agentId, first.agentId, 'another agent to the relay');
      await service.relay.waitFor(ofKind('session-online'), SOON, before);
      t.ok(existsSync(join(service.data, 'credential.json.previous')), 'what it found is kept');
      t.match(await service.status(), { exitCode: 0 });
    },
  );

  await suite.test(
    'a damaged credential is kept aside, and the machine enrols again as itself',
    async (t) => {
      const service = await openManaged(t, lab);
      await service.install();
      const first = await service.relay.waitFor(ofKind('enrolled'), SOON);
      await service.run('stop');
      writeFileSync(join(service.data, 'credential.json'), '{"version":2,"rel');
      const before = service.relay.events.length;
      await service.run('start');
      const again = await service.relay.waitFor(ofKind('enrolled'), SOON, before);
      t.match(again, { reason: 'damaged', machineId: first.machineId, agentId: first.agentId });
      await service.relay.waitFor(ofKind('session-online'), SOON, before);
      t.equal(readFileSync(join(service.data, 'credential.json.damaged'), 'utf8'), '{"version":2,"rel');
    },
  );

  await suite.test(
    'a seal that another installation made is damage: the entropy is not this one’s',
    async (t) => {
      const service = await openManaged(t, lab);
      await service.install();
      await service.run('stop');
      writeFileSync(join(service.data, 'credential.entropy'), Buffer.alloc(32, 7));
      const before = service.relay.events.length;
      await service.run('start');
      t.match(await service.relay.waitFor(ofKind('enrolled'), SOON, before), { reason: 'damaged' });
    },
  );

  await suite.test('a configuration that is changed counts in the running service', async (t) => {
    const service = await openManaged(t, lab);
    await service.install();
    const { sessionId } = await service.relay.waitFor(ofKind('session-online'), SOON);
    const path = join(service.data, 'config.json');
    const metricsPort = await freePort();
    const config = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...config, metricsPort }));
    const bound = AbortSignal.timeout(SOON);
    let status: number | undefined;
    while (status === undefined && !bound.aborted) {
      status = await statusOfMetrics(metricsPort).catch(() => undefined);
    }
    t.equal(status, 200, 'the metrics are served');
    t.equal(service.relay.sessions()[0]?.sessionId, sessionId, 'and the session has gone on');
    t.match(await service.run('config', 'check'), {
      code: 0,
      stdout: new RegExp(`metricsPort +${metricsPort}`),
    });
  });

  await suite.test('a worker that dies leaves last words, and the next one tells the relay', async (t) => {
    const service = await openManaged(t, lab);
    await service.install();
    const { supervisor } = await service.status();
    const before = service.relay.events.length;
    await lab.svcctl('terminate', supervisor?.workerPid ?? 0, 7);
    await service.relay.waitFor(ofKind('session-closed'), SOON, before);
    t.match(await service.run('status'), { stdout: /last words +(?:exited|signal), \d+ s ago/ });
    await service.run('start');
    const { lastWords } = await service.relay.waitFor(ofKind('session-online'), SOON, before);
    t.match(lastWords, { reason: /^(?:exited|signal)$/, at: String, lines: Array });
  });
});
