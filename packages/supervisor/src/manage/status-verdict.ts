/** What the gathered facts come to: who may be believed, what is wrong with the supervisor, and the exit code. Pure. */
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { TIMING } from '@guruconnect/shared/timing';
import { unreachable } from '@guruconnect/shared/unreachable';
import { formatBound, formatDuration } from '../duration.ts';
import type { LiveStatus } from '../live-status.ts';
import { isPending } from './settle.ts';
import type { StatusFacts } from './status-facts.ts';

/** A supervisor tells its status with every beat and every look at a silent worker; after this many milliseconds its event loop hangs. */
const HUNG_AFTER_MS = 1.5 * TIMING.beat;

/** A reading that is the service's own, or of a console's supervisor; never that of whoever else took the name. */
export const trustedLive = ({ service, live, ofService }: StatusFacts): LiveStatus | undefined => {
  if (live.kind !== 'answer') return undefined;
  if (service.kind !== 'installed' || !ofService) return live.live.mode === 'console' ? live.live : undefined;
  return live.live.mode === 'service' && service.status.pid === live.live.pid ? live.live : undefined;
};

/** Why worker and link are not, or not surely, what they look like; `undefined` where they are. */
export const silence = (facts: StatusFacts): string | undefined => {
  const { live, service } = facts;
  switch (live.kind) {
    case 'answer':
      if (trustedLive(facts) === undefined)
        return `process ${live.live.pid} answers, and is not the service's`;
      return live.ageMs > HUNG_AFTER_MS
        ? `the supervisor hangs: not heard of for ${formatDuration(live.ageMs)}`
        : undefined;
    case 'nobody':
      return service.kind === 'installed' && service.status.pid !== 0
        ? 'the supervisor serves no status (yet)'
        : undefined;
    case 'silent':
      return `the supervisor has not answered within ${formatBound(TIMING.statusAnswer)}`;
    case 'denied':
      return "worker and link are shown to administrators, and to the supervisor's own user";
    case 'failed':
      return live.why;
    default:
      return unreachable(live);
  }
};

const liveExitCode = (live: LiveStatus): ExitCode => {
  if (live.service === 'stopped') return EXIT.stopped;
  if (live.service !== 'running') return EXIT.pending;
  return live.link?.state === 'online' ? EXIT.ok : EXIT.offline;
};

/** Where nobody who can be trusted has answered. */
const unansweredCode = ({ service, live }: StatusFacts): ExitCode => {
  if (service.kind === 'not-elevated' || live.kind === 'denied') return EXIT.notElevated;
  if (service.kind === 'unknown' || live.kind === 'failed') return EXIT.failed;
  if (live.kind === 'silent') return EXIT.offline;
  return service.kind === 'no-scm' ? EXIT.stopped : EXIT.absent;
};

/** By state, as docs/operations.md has it. */
export const statusExitCode = (facts: StatusFacts): ExitCode => {
  const { service } = facts;
  const live = trustedLive(facts);
  if (service.kind === 'installed' && (facts.ofService || live === undefined)) {
    if (service.status.state === 'stopped') return EXIT.stopped;
    if (isPending(service.status)) return EXIT.pending;
    if (facts.live.kind === 'denied') return EXIT.notElevated;
    return live === undefined || silence(facts) !== undefined ? EXIT.offline : liveExitCode(live);
  }
  return live === undefined ? unansweredCode(facts) : liveExitCode(live);
};
