import { type IncomingMessage, request } from 'node:http';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createLog, silentLog } from '@guruconnect/shared/log';
import type { Beat } from '@guruconnect/shared/pipe-protocol';
import { createMetrics } from '@guruconnect/worker/metrics';
import { createMetricsEndpoint } from '@guruconnect/worker/metrics-endpoint';
import { openMetricsServer } from '@guruconnect/worker/metrics-server';
import { test } from 'tap';
import { createInbox } from './inbox.ts';

const metrics = createMetrics();
metrics.count('connects');
metrics.count('authFailures');
for (const ms of [0.5, 3, 30_000]) metrics.roundTrip(ms);
const BEAT: Beat = {
  kind: 'beat',
  link: 'online',
  relay: 'wss://relay.example',
  counters: metrics.snapshot({ received: 100, sent: 50 }),
};

const get = async (port: number, path = '/metrics', method = 'GET') => {
  const asked = request({ port, host: '127.0.0.1', path, method, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, type: response.headers['content-type'], text };
};

test('the counters are there for Prometheus, in its format', async (t) => {
  const server = await openMetricsServer(0, () => BEAT);
  t.teardown(server.close);
  const { status, type, text } = await get(server.port);
  t.equal(status, 200);
  t.match(type, /^text\/plain; version=0\.0\.4/);
  const lines = text.split('\n');
  for (const line of [
    'guruconnect_connects_total 1',
    'guruconnect_auth_failures_total 1',
    'guruconnect_losses_total 0',
    'guruconnect_bytes_received_total 100',
    'guruconnect_link_state{state="online"} 1',
    'guruconnect_link_state{state="waiting"} 0',
    '# TYPE guruconnect_round_trip_seconds histogram',
    'guruconnect_round_trip_seconds_bucket{le="0.001"} 1',
    'guruconnect_round_trip_seconds_bucket{le="0.005"} 2',
    'guruconnect_round_trip_seconds_bucket{le="10"} 2',
    'guruconnect_round_trip_seconds_bucket{le="+Inf"} 3',
    'guruconnect_round_trip_seconds_count 3',
  ]) {
    t.ok(lines.includes(line), line);
  }
  t.match(text, /^guruconnect_round_trip_seconds_sum 30\.003/m);
  t.equal((await get(server.port)).text, text, 'counters are not counted twice');
});

test('before the first beat there is nothing but zeros', async (t) => {
  const server = await openMetricsServer(0, () => undefined);
  t.teardown(server.close);
  const { text } = await get(server.port);
  t.match(text, /^guruconnect_connects_total 0$/m);
  t.match(text, /^guruconnect_round_trip_seconds_count 0$/m);
});

test('nothing else is served, and nothing is taken', async (t) => {
  const server = await openMetricsServer(0, () => BEAT);
  t.teardown(server.close);
  t.match(await get(server.port, '/'), { status: 404, text: '' });
  t.match(await get(server.port, '/metrics', 'POST'), { status: 405, text: '' });
});

test('a port that somebody has is told, and the agent goes on', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const lines = createInbox<string>();
  const endpoint = createMetricsEndpoint(createLog('worker', 'info', { write: lines.put }), () => BEAT);
  endpoint.use((other.address() as AddressInfo).port);
  t.match(await lines.next(() => true), /the metrics cannot be served/);
  endpoint.close();
});

test('the endpoint moves and closes with the configuration', async (t) => {
  const free = await openMetricsServer(0, () => BEAT);
  const { port } = free;
  free.close();
  const endpoint = createMetricsEndpoint(silentLog(), () => BEAT);
  t.teardown(endpoint.close);
  endpoint.use(port);
  const ask = async (): Promise<number | undefined> => (await get(port).catch(() => undefined))?.status;
  const bound = AbortSignal.timeout(5000);
  while ((await ask()) !== 200) bound.throwIfAborted();
  endpoint.use(undefined);
  t.equal(await ask(), undefined);
});

test('whoever connects to it often takes no more than a few connections from the agent', async (t) => {
  const server = await openMetricsServer(0, () => BEAT);
  t.teardown(server.close);
  const sockets = Array.from({ length: 40 }, () => connect(server.port, '127.0.0.1'));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
  });
  let closed = 0;
  await new Promise<void>((resolve) => {
    for (const socket of sockets) {
      socket
        .on('error', () => undefined)
        .on('close', () => {
          closed += 1;
          if (closed === 32) resolve();
        });
    }
  });
  t.equal(closed, 32, 'all but eight are turned away');
});
