/** A machine that is well, and ways in which it is not. */
import type { Config } from '@guruconnect/shared/config';
import type { Inspection } from '@guruconnect/shared/config-file';
import type { ProbeStep } from '@guruconnect/shared/probe-protocol';
import type { CheckName, Reading, Verdict } from '@guruconnect/supervisor/doctor/check';
import { examine } from '@guruconnect/supervisor/doctor/examine';
import type { DoctorFacts } from '@guruconnect/supervisor/doctor/facts';
import type { StatusFacts } from '@guruconnect/supervisor/manage/status-facts';
import { FACTS, LIVE, NOW, answer } from '../manage/status-cases.ts';

const DAY = 86_400_000;
export const RELAY = 'wss://relay.example';
export const PIN = `sha256/${'A'.repeat(43)}=`;
export const OTHER_PIN = `sha256/${'B'.repeat(42)}A=`;

export const known = <T>(value: T): Reading<T> => ({ kind: 'known', value });

export const CERTIFICATE = {
  kind: 'certificate',
  subject: 'CN=relay.example',
  issuer: 'CN=Some Authority',
  validFrom: NOW - 30 * DAY,
  validTo: NOW + 60 * DAY,
  pin: PIN,
} as const;

export const WAY: ProbeStep = { kind: 'way' };
export const RESOLVED = {
  kind: 'resolved' as const,
  name: 'relay.example',
  addresses: ['192.0.2.1'],
} satisfies ProbeStep;
export const CONNECTED = { kind: 'connected', address: '192.0.2.1', port: 443 } as const;
export const REACHED = { kind: 'reached' } as const;
export const SECURED = { kind: 'secured', protocol: 'TLSv1.3' } as const;
export const ANSWERED = {
  kind: 'answered',
  status: 401,
  ours: true,
  date: new Date(NOW).toUTCString(),
} as const;
export const fail = (why: string, code?: string): ProbeStep => ({
  kind: 'failed',
  why,
  ...(code !== undefined && { code }),
});

/** As a direct way tells it. */
export const DIRECT: readonly ProbeStep[] = [
  ...[WAY, REACHED, RESOLVED, CONNECTED, CERTIFICATE, SECURED, ANSWERED],
];

export const inspection = (config: Partial<Config> = {}): Inspection => {
  const settings = {
    relay: RELAY,
    logLevel: 'info',
    proxyFallback: 'none',
    workerAccount: 'own',
    ...config,
  } as const;
  return {
    place: { path: 'C:\\data\\config.json', named: false },
    sources: { flags: {}, env: {}, file: undefined },
    problems: [],
    settings: { ...settings, ca: undefined },
    config: settings,
  };
};

export const BAD_CONFIG: Inspection = {
  ...inspection(),
  problems: [{ source: { kind: 'file', name: 'C:\\data\\config.json' }, key: 'relay', reason: 'not a ws' }],
  settings: undefined,
  config: undefined,
};

export const DENIED_CONFIG: Inspection = {
  ...BAD_CONFIG,
  problems: [
    { source: { kind: 'file', name: 'C:\\data\\config.json' }, key: undefined, reason: 'EPERM: open' },
  ],
};

export const WELL: DoctorFacts = {
  status: {
    ...FACTS,
    live: answer({
      link: { state: 'online', relay: RELAY, roundTripMs: 3.14, since: new Date(NOW - 65_000).toISOString() },
    }),
  },
  weakness: known(undefined),
  folder: known({ kind: 'closed' }),
  store: known({ files: 3, open: undefined }),
  inspection: inspection(),
  stored: known({ kind: 'use', enrolledAt: '2026-01-01T00:00:00Z', clone: false }),
  probe: known(DIRECT),
  disk: known({ path: 'C:\\data', freeBytes: 100 * 1024 ** 3 }),
  eventLogSource: known('registered'),
  now: NOW,
};

export const withStatus = (status: Partial<StatusFacts>): Partial<DoctorFacts> => ({
  status: { ...WELL.status, ...status },
});

export const offline = (sinceMs: number | undefined, trouble: string): Partial<DoctorFacts> =>
  withStatus({
    live: answer({
      link: {
        ...{ state: 'waiting', relay: RELAY, trouble },
        since: sinceMs === undefined ? undefined : new Date(NOW - sinceMs).toISOString(),
      },
    }),
  });

export const CONSOLE_LIVE = answer({ ...LIVE, mode: 'console' });

/** The verdict of one check, of a machine that is well but for this. */
export const verdictOf = (name: CheckName, changes: Partial<DoctorFacts> = {}): Verdict => {
  const found = examine({ ...WELL, ...changes }).find((finding) => finding.name === name);
  if (found === undefined) throw new Error(`${name} was not told of`);
  return found.verdict;
};

/** A check, what is not well with the machine, and what has to be said of it. */
export type Case = readonly [
  check: CheckName,
  changes: Partial<DoctorFacts>,
  kind: Verdict['kind'],
  words: RegExp,
];
export type Cases = Readonly<Record<string, Case>>;
