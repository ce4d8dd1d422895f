/** The counters for Prometheus, on 127.0.0.1 alone. The only file that knows `prom-client`; loaded where it is asked for. */
import { type Server, createServer } from 'node:http';
import { COUNTER_NAMES, type CounterName } from '@guruconnect/shared/counters';
import { type Beat, LINK_STATES } from '@guruconnect/shared/pipe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { Counter, Gauge, type Metric, Registry } from 'prom-client';

const HELP: Readonly<Record<CounterName, string>> = {
  connects: 'Sessions that came online',
  losses: 'Sessions that ended unasked',
  failures: 'Tries that came to no session',
  authFailures: 'Upgrades and enrolments refused with 401 or 403',
  enrolments: 'Credentials got',
  messagesReceived: 'Messages from the relay',
  messagesSent: 'Messages to the relay',
  messagesUnknown: 'Messages of an unknown kind',
  bytesReceived: 'Bytes from the relay, TLS included',
  bytesSent: 'Bytes to the relay, TLS included',
};

/** @see https://prometheus.io/docs/practices/naming/ */
const metricName = (name: CounterName): string =>
  `guruconnect_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_total`;

const MAX_CONNECTIONS = 8;
const NAME = 'guruconnect_round_trip_seconds';

/** Cumulative, in seconds, as the format has them. */
const bucketValues = (beat: Beat | undefined) => {
  const { bounds = [], counts = [], sum = 0 } = beat?.counters?.roundTripMs ?? {};
  let total = 0;
  const buckets = counts.map((count, at) => {
    total += count;
    const bound = bounds[at];
    const le = bound === undefined ? '+Inf' : bound / 1000;
    return { metricName: `${NAME}_bucket`, labels: { le }, value: total };
  });
  return [
    ...buckets,
    { metricName: `${NAME}_sum`, labels: {}, value: sum / 1000 },
    { metricName: `${NAME}_count`, labels: {}, value: total },
  ];
};

/** The library observes value by value; here the buckets are counted already, so this is a metric of its registry alone. */
const roundTrips = (latest: () => Beat | undefined): Metric =>
  ({
    name: NAME,
    get: () =>
      Promise.resolve({
        name: NAME,
        help: 'Heartbeats and their acknowledgements',
        type: 'histogram',
        values: bucketValues(latest()),
      }),
  }) as unknown as Metric;

const createRegistry = (latest: () => Beat | undefined): Registry => {
  const registry = new Registry();
  for (const name of COUNTER_NAMES) {
    new Counter({
      name: metricName(name),
      help: HELP[name],
      registers: [registry],
      collect() {
        this.reset();
        this.inc(latest()?.counters?.[name] ?? 0);
      },
    });
  }
  new Gauge({
    name: 'guruconnect_link_state',
    help: 'The state of the link: 1 for the one that it is in',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const state of LINK_STATES) this.set({ state }, latest()?.link === state ? 1 : 0);
    },
  });
  registry.registerMetric(roundTrips(latest));
  return registry;
};

const respond = (server: Server, registry: Registry): void => {
  server.on('request', (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(request.url === '/metrics' ? 405 : 404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
};

export interface MetricsServer {
  readonly port: number;
  close(): void;
}

/** @throws the system's error where the port cannot be had. @param port 0 is a free one. */
export const openMetricsServer = (port: number, latest: () => Beat | undefined): Promise<MetricsServer> =>
  new Promise((resolve, reject) => {
    const server = createServer({
      headersTimeout: TIMING.metricsRequest,
      requestTimeout: TIMING.metricsRequest,
    });
    // Every user of the machine may connect, and must not use up what the link needs.
    server.maxConnections = MAX_CONNECTIONS;
    respond(server, createRegistry(latest));
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      // What goes wrong with one connection is that one's.
      server
        .off('error', reject)
        .on('error', () => undefined)
        .unref();
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
