/**
 * What the worker's beats tell the Event Log of the link: enrolled, refused, online, and offline for long. A beat comes with every
 * change and every twenty seconds, so no timer is needed; a worker that is not heard of is dealt with elsewhere, and ended. Pure.
 */
import type { Beat, LinkState } from '@guruconnect/shared/pipe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { formatDuration } from '../duration.ts';
import type { AgentEvent } from './events.ts';

/** A time without a session. All in monotonic milliseconds. */
interface Offline {
  readonly since: number;
  /** The latest beat. */
  readonly at: number;
  /** Of it, the time in which beats came: a machine that sleeps is not offline. */
  readonly awakeMs: number;
  readonly told: boolean;
}

export interface LinkSight {
  readonly state?: LinkState;
  readonly enrolments: number;
  readonly authFailures: number;
  /** Once at least. */
  readonly wasOnline: boolean;
  readonly offline?: Offline;
}

export const NO_LINK: LinkSight = { enrolments: 0, authFailures: 0, wasOnline: false };

export interface LinkSeen {
  readonly link: LinkSight;
  readonly events: readonly AgentEvent[];
}

/** What a beat that comes later than this adds to the time offline. */
const MOST_BETWEEN_BEATS = 2 * TIMING.beat;

const reasonOf = ({ trouble, link }: Beat): string => trouble ?? link;

/** Both are counted by the worker: no answer of a relay's is lost, however fast the states follow each other. */
const answers = ({ state, enrolments, authFailures }: LinkSight, beat: Beat): readonly AgentEvent[] => {
  const { counters, relay } = beat;
  if (counters === undefined) return [];
  const kind = state === 'enrolling' ? 'enrolment-rejected' : 'credential-rejected';
  return [
    ...(counters.authFailures > authFailures ? [{ kind, relay, reason: reasonOf(beat) } as const] : []),
    ...(counters.enrolments > enrolments ? [{ kind: 'enrolled', relay } as const] : []),
  ];
};

const onOnline = ({ offline, wasOnline }: LinkSight, { relay }: Beat, now: number): readonly AgentEvent[] => {
  if (offline?.told === true)
    return [{ kind: 'online-again', relay, time: formatDuration(now - offline.since) }];
  return wasOnline ? [] : [{ kind: 'online', relay }];
};

const passOffline = ({ offline }: LinkSight, now: number): Offline =>
  offline === undefined
    ? { since: now, at: now, awakeMs: 0, told: false }
    : {
        ...offline,
        at: now,
        awakeMs: offline.awakeMs + Math.min(now - offline.at, MOST_BETWEEN_BEATS),
      };

/** @param now monotonic milliseconds. */
export const seeBeat = (sight: LinkSight, beat: Beat, now: number): LinkSeen => {
  const { enrolments, authFailures } = beat.counters ?? sight;
  const { offline: _before, ...rest } = { ...sight, state: beat.link, enrolments, authFailures };
  const answered = answers(sight, beat);
  if (beat.link === 'online') {
    return { link: { ...rest, wasOnline: true }, events: [...answered, ...onOnline(sight, beat, now)] };
  }
  const offline = passOffline(sight, now);
  const isDue = !offline.told && offline.awakeMs >= TIMING.offlineEvent;
  const time = formatDuration(now - offline.since);
  return {
    link: { ...rest, offline: { ...offline, told: offline.told || isDue } },
    events: isDue
      ? [...answered, { kind: 'offline', time, relay: beat.relay, reason: reasonOf(beat) }]
      : answered,
  };
};
