/** The checks as one table: what each needs, and its verdict. What needs one that failed is skipped, and says so. Pure. */
import { judgeDataFolder, judgeStore } from './access.ts';
import { type CheckName, type Finding, type Verdict, CHECK_NAMES, blockedBy } from './check.ts';
import { judgeClock } from './clock.ts';
import { judgeConfiguration, judgeCredential } from './credential.ts';
import { judgeDisk } from './disk.ts';
import type { DoctorFacts } from './facts.ts';
import { judgeEventLog } from './log-source.ts';
import { judgeDns, judgeProxy, judgeTcp, wentPast } from './network.ts';
import { judgeFailureFlag, judgeRecovery } from './recovery.ts';
import {
  judgeAccount,
  judgeImagePath,
  judgeProgram,
  judgeRegistered,
  judgeRunning,
  judgeStartType,
} from './registration.ts';
import { judgeLink, judgeRelay } from './relay.ts';
import { judgePins, judgeTls } from './tls.ts';

interface Check {
  readonly needs: readonly CheckName[];
  /** Where it can be made without them. */
  readonly needsNone?: (facts: DoctorFacts) => boolean;
  readonly judge: (facts: DoctorFacts) => Verdict;
}

const CHECKS: Readonly<Record<CheckName, Check>> = {
  registered: { needs: [], judge: judgeRegistered },
  'image-path': { needs: ['registered'], judge: judgeImagePath },
  program: { needs: ['registered'], judge: judgeProgram },
  'start-type': { needs: ['registered'], judge: judgeStartType },
  recovery: { needs: ['registered'], judge: judgeRecovery },
  'failure-flag': { needs: ['registered'], judge: judgeFailureFlag },
  account: { needs: ['registered'], judge: judgeAccount },
  running: { needs: ['registered'], judge: judgeRunning },
  'data-folder': { needs: [], judge: judgeDataFolder },
  store: { needs: [], judge: judgeStore },
  configuration: { needs: [], judge: judgeConfiguration },
  credential: { needs: ['configuration'], judge: judgeCredential },
  clock: { needs: ['configuration'], judge: judgeClock },
  dns: { needs: ['configuration'], judge: judgeDns },
  tcp: { needs: ['dns'], judge: judgeTcp },
  proxy: { needs: ['tcp'], needsNone: wentPast, judge: judgeProxy },
  tls: { needs: ['tcp', 'proxy'], judge: judgeTls },
  pins: { needs: ['tls'], judge: judgePins },
  relay: { needs: ['pins'], judge: judgeRelay },
  link: { needs: ['running'], judge: judgeLink },
  'event-log': { needs: ['registered'], judge: judgeEventLog },
  disk: { needs: [], judge: judgeDisk },
};

/** What keeps a check from being made: the first failure on the way to it. */
const blocker = ({ needs }: Check, verdictOf: (name: CheckName) => Verdict): CheckName | undefined => {
  for (const name of needs) {
    const verdict = verdictOf(name);
    if (verdict.kind === 'failed') return name;
    if (verdict.kind === 'skipped' && verdict.because !== undefined) return verdict.because;
  }
  return undefined;
};

/** All checks, in their order. @param tolerated what an administrator answers for: its failure is a warning. */
export const examine = (facts: DoctorFacts, tolerated: readonly CheckName[] = []): readonly Finding[] => {
  const verdicts = new Map<CheckName, Verdict>();
  const judge = (name: CheckName): Verdict => {
    const check = CHECKS[name];
    const because = check.needsNone?.(facts) === true ? undefined : blocker(check, verdictOf);
    if (because !== undefined) return blockedBy(because);
    const verdict = check.judge(facts);
    return verdict.kind === 'failed' && tolerated.includes(name) ? { ...verdict, kind: 'warning' } : verdict;
  };
  const verdictOf = (name: CheckName): Verdict => {
    const verdict = verdicts.get(name) ?? judge(name);
    verdicts.set(name, verdict);
    return verdict;
  };
  return CHECK_NAMES.map((name) => ({ name, verdict: verdictOf(name) }));
};
