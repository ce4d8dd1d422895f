/** The status as a person reads it: label, value and tone of every line. Pure. */
import { unreachable } from '@guruconnect/shared/unreachable';
import { describeLink } from '../console-status.ts';
import { formatDuration, formatRoundTrip } from '../duration.ts';
import { describeExit } from './exit-words.ts';
import { lastWordsLines } from './last-words-lines.ts';
import { describeRecovery } from './recovery-words.ts';
import type { InstalledService, StatusFacts } from './status-facts.ts';
import { silence, trustedLive } from './status-verdict.ts';
import { readImagePath } from './image-path.ts';

/** How a line is to be taken. */
export type Tone = 'good' | 'busy' | 'bad' | 'plain';
export type Line = readonly [label: string, value: string, tone: Tone];

const RUNNING_TONES: Readonly<Record<string, Tone>> = { running: 'good', stopped: 'bad' };

const uptime = (startedAt: number | undefined, now: number): string =>
  startedAt === undefined ? '' : `, up ${formatDuration(Math.max(0, now - startedAt))}`;

const startWords = ({ config, delayedStart }: InstalledService): string => {
  if (config.startType !== 'auto') return config.startType;
  return delayedStart.kind === 'value' && delayedStart.value ? 'automatic, delayed' : 'automatic';
};

const installedLines = (service: InstalledService, now: number): readonly Line[] => {
  const { status, config, startedAt } = service;
  const pid = status.pid === 0 ? '' : `, pid ${status.pid}`;
  return [
    ['service', `${status.state}${pid}${uptime(startedAt, now)}`, RUNNING_TONES[status.state] ?? 'busy'],
    ['start type', startWords(service), config.startType === 'auto' ? 'plain' : 'bad'],
    ['recovery', ...describeRecovery(service)],
    ...(readImagePath(config.imagePath).kind === 'safe'
      ? []
      : [['image path', 'not quoted: "guruconnect install" repairs it', 'bad'] as const]),
    ...(status.state === 'stopped'
      ? [['last exit', describeExit(status), status.win32ExitCode === 0 ? 'plain' : 'bad'] as const]
      : []),
  ];
};

const serviceLines = (facts: StatusFacts, now: number): readonly Line[] => {
  const { service, live } = facts;
  const trusted = trustedLive(facts);
  const own = trusted?.mode === 'console' ? trusted : undefined;
  const inConsole: readonly Line[] =
    own === undefined
      ? []
      : [
          [
            'console',
            `${own.service}, pid ${own.pid}${uptime(Date.parse(own.startedAt), now)}`,
            own.service === 'running' ? 'good' : 'busy',
          ],
        ];
  switch (service.kind) {
    case 'installed':
      return [...installedLines(service, now), ...inConsole];
    case 'absent':
      return [['service', 'not installed', own === undefined ? 'bad' : 'plain'], ...inConsole];
    case 'not-elevated':
      return [['service', "not to be seen without an administrator's rights (error 5)", 'bad'], ...inConsole];
    case 'unknown':
      return [['service', service.why, 'bad'], ...inConsole];
    case 'no-scm':
      return live.kind === 'nobody'
        ? [['service', 'no supervisor runs for this data folder', 'bad']]
        : inConsole;
    default:
      return unreachable(service);
  }
};

const liveLines = (facts: StatusFacts): readonly Line[] => {
  const live = trustedLive(facts);
  const why = silence(facts);
  const trouble: readonly Line[] = why === undefined ? [] : [['supervisor', why, 'bad']];
  if (live === undefined) return trouble;
  const { link } = live;
  const online = link?.state === 'online';
  const roundTrip = online ? link.roundTripMs : undefined;
  return [
    ...trouble,
    ['worker', live.workerPid === undefined ? 'none' : `pid ${live.workerPid}`, 'plain'],
    ['link', describeLink(link && { ...link, link: link.state }), online ? 'good' : 'busy'],
    ...(roundTrip === undefined ? [] : [['round trip', formatRoundTrip(roundTrip), 'plain'] as const]),
    ...(live.note === undefined ? [] : [['note', live.note, 'bad'] as const]),
  ];
};

/** Label, value and tone of every line. @param now milliseconds since the Unix epoch. */
export const statusReport = (facts: StatusFacts, now: number): readonly Line[] => [
  ...serviceLines(facts, now),
  ...liveLines(facts),
  'url' in facts.relay ? ['relay', facts.relay.url, 'plain'] : ['relay', facts.relay.trouble, 'bad'],
  ['credential', facts.credential, facts.credential === 'present' ? 'plain' : 'busy'],
  ['data', facts.data, 'plain'],
  ...lastWordsLines(facts.lastWords, now),
];
