/**
 * Which credential a start goes with. Pure.
 *
 * | found | fingerprint | with a token | without |
 * | --- | --- | --- | --- |
 * | nothing | any | enrol: first | fault no-credential |
 * | a damaged file | any | enrol: damaged | fault credential-damaged; the file stays where it is |
 * | of this relay | same, unknown | use | use |
 * | of this relay | cloned | enrol: cloned | use, and tell the relay: reachability wins |
 * | of another relay | same, unknown | enrol: other-relay | fault no-credential |
 * | of another relay | cloned | enrol: cloned | fault no-credential |
 *
 * A clone gets a machine id of its own, at whatever relay: with the old one it and its original would turn each other out.
 */
import { AgentFault } from '@guruconnect/shared/agent-fault';
import type { Found } from './credential-store.ts';
import type { Verdict } from './fingerprint.ts';
import type { StoredCredential } from './stored-credential.ts';

export type EnrolReason = 'first' | 'other-relay' | 'damaged' | 'cloned';

export interface Situation {
  readonly found: Found;
  /** Of the credential that was found; `unknown` without one. */
  readonly verdict: Verdict['kind'];
  /** The relay that is configured. */
  readonly relay: string;
  readonly hasToken: boolean;
  /** The credential's file, for messages. */
  readonly path: string;
}

export type Plan =
  | { readonly kind: 'use'; readonly stored: StoredCredential; readonly clone: boolean }
  /** `former`: what is stored, of another relay or another machine. */
  | { readonly kind: 'enrol'; readonly reason: EnrolReason; readonly former?: StoredCredential }
  | { readonly kind: 'fault'; readonly fault: AgentFault };

const noCredential = (why: string): Plan => ({
  kind: 'fault',
  fault: new AgentFault(
    'no-credential',
    `${why}, and there is no enrolment token to get one (--enroll-token)`,
  ),
});

const damaged = (path: string, why: string): Plan => ({
  kind: 'fault',
  fault: new AgentFault(
    'credential-damaged',
    `${path}: ${why}; it is left as it is: restore it, or give an enrolment token to enrol again (--enroll-token)`,
  ),
});

const planStored = (stored: StoredCredential, { verdict, relay, hasToken }: Situation): Plan => {
  const isClone = verdict === 'cloned';
  if (!hasToken) {
    if (stored.relay === relay) return { kind: 'use', stored, clone: isClone };
    return noCredential(`the stored credential is for ${stored.relay}`);
  }
  if (isClone) return { kind: 'enrol', reason: 'cloned', former: stored };
  if (stored.relay !== relay) return { kind: 'enrol', reason: 'other-relay', former: stored };
  return { kind: 'use', stored, clone: false };
};

export const planCredential = (situation: Situation): Plan => {
  const { found, hasToken, path } = situation;
  switch (found.kind) {
    case 'none':
      return hasToken ? { kind: 'enrol', reason: 'first' } : noCredential('no credential is stored');
    case 'damaged':
      return hasToken ? { kind: 'enrol', reason: 'damaged' } : damaged(path, found.why);
    case 'stored':
      return planStored(found.stored, situation);
  }
};
