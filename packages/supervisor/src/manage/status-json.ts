/** The status for programs. Pure. */
import { describeExit } from './exit-words.ts';
import type { ReadBack, StatusFacts } from './status-facts.ts';
import { silence, statusExitCode, trustedLive } from './status-verdict.ts';

const known = <T>(read: ReadBack<T>): T | null => (read.kind === 'value' ? read.value : null);

/** For programs: what is not known is `null`. */
export const statusJson = (facts: StatusFacts): object => {
  const { service, live } = facts;
  const installed = service.kind === 'installed' ? service : undefined;
  return {
    service: {
      presence: service.kind,
      ...(service.kind === 'unknown' ? { why: service.why } : {}),
      ...(installed === undefined
        ? {}
        : {
            ...installed.status,
            lastExit: installed.status.state === 'stopped' ? describeExit(installed.status) : null,
            startedAt: installed.startedAt === undefined ? null : new Date(installed.startedAt).toISOString(),
            ...installed.config,
            delayedStart: known(installed.delayedStart),
            recovery: { actions: known(installed.failureActions), flag: known(installed.failureFlag) },
          }),
    },
    supervisor: trustedLive(facts) ?? null,
    supervisorAgeMs: live.kind === 'answer' ? live.ageMs : null,
    trouble: silence(facts) ?? null,
    relay: 'url' in facts.relay ? facts.relay.url : null,
    configuration: 'url' in facts.relay ? 'valid' : facts.relay.trouble,
    credential: facts.credential,
    lastWords: facts.lastWords ?? null,
    data: facts.data,
    exitCode: statusExitCode(facts),
  };
};
