/** Which of the supervisor's notices the Event Log hears of. Pure. */
import type { Control } from '@guruconnect/shared/pipe-protocol';
import type { LastWords } from '@guruconnect/shared/relay-protocol';
import { unreachable } from '@guruconnect/shared/unreachable';
import { messageOf } from '@guruconnect/shared/usage-error';
import { formatDuration } from '../duration.ts';
import type { Notice } from '../host.ts';
import type { AgentEvent } from './events.ts';
import { type LinkSight, NO_LINK, seeBeat } from './link-events.ts';

/** What has been seen of a service so far. */
export interface ServiceSight {
  /** The stop that was asked for. */
  readonly asked?: Control;
  /** Its worker did not end in time. */
  readonly forced: boolean;
  readonly link: LinkSight;
}

export const NOTHING_SEEN: ServiceSight = { forced: false, link: NO_LINK };

export interface Seen {
  readonly sight: ServiceSight;
  readonly events: readonly AgentEvent[];
}

const CONTROLS: Readonly<Record<Control, string>> = {
  stop: 'it was told to stop',
  shutdown: 'Windows is shutting down',
};

const exitWords = ({ exitCode, signal }: LastWords): string => {
  if (signal !== undefined) return `signal ${signal}`;
  return exitCode === undefined ? 'no exit code' : `exit code ${exitCode}`;
};

/** Without its last lines: everybody who may log on reads the Event Log, and the agent's own logs administrators alone. */
const death = (words: LastWords): AgentEvent => ({
  kind: 'worker-died',
  reason: words.reason,
  exit: exitWords(words),
  time: words.livedMs === undefined ? 'no time' : formatDuration(words.livedMs),
});

const onTransition = (sight: ServiceSight, notice: Notice & { kind: 'transition' }): Seen => {
  const asked = notice.control ?? sight.asked;
  const next = asked === undefined ? sight : { ...sight, asked };
  if (notice.to !== 'stopped' || asked === undefined) return { sight: next, events: [] };
  const kind = sight.forced ? 'stopped-by-force' : 'service-stopped';
  return { sight: next, events: [{ kind, control: CONTROLS[asked] }] };
};

/**
 * @param words with the exit of a worker that nobody had asked to end.
 * @param now monotonic milliseconds.
 */
export const seeNotice = (
  sight: ServiceSight,
  notice: Notice,
  words: LastWords | undefined,
  now: number,
): Seen => {
  switch (notice.kind) {
    case 'transition':
      return onTransition(sight, notice);
    case 'beat': {
      const { link, events } = seeBeat(sight.link, notice.beat, now);
      return { sight: { ...sight, link }, events };
    }
    case 'killed':
      return { sight: { ...sight, forced: true }, events: [] };
    case 'exited':
      return { sight, events: words === undefined ? [] : [death(words)] };
    case 'stranger':
      return { sight, events: [{ kind: 'stranger' }] };
    case 'failed':
      return { sight, events: [{ kind: 'supervisor-failed', reason: messageOf(notice.error) }] };
    case 'spawned':
    // It may be the machine's sleep; a hang is told.
    case 'silent':
    // What it writes may hold anything, and everybody reads the Event Log.
    case 'wrote':
    // It is the reason of the worker's end, which follows.
    case 'fault':
      return { sight, events: [] };
    default:
      return unreachable(notice);
  }
};
