/**
 * What `worker --probe` says of the way to the relay, for the doctor: over its stdin one {@link ProbeRequest}, over its stdout a line of
 * JSON for each step, in the order in which they came about. Each `way` begins another try. No secret is in it, but text that
 * a peer has chosen is.
 */
import * as v from 'valibot';
import type { AgentOptions } from './config.ts';

export interface ProbeRequest {
  /** As the agent's own: file and environment are read as the worker reads them. */
  readonly options: AgentOptions;
}

/** Characters of a text; what is longer is cut by who tells it. */
const LONGEST = 4096;

/** What a relay's 401 has in its `WWW-Authenticate`; docs/relay-protocol.md. */
const REALM = /\bbearer\s+(?:[^,]*,\s*)*realm="guruconnect"/i;

export const namesOurRealm = (challenge: string | undefined): boolean => REALM.test(challenge ?? '');

const text = v.pipe(v.string(), v.maxLength(LONGEST));
const when = v.pipe(v.number(), v.finite());

const STEPS = [
  /** `proxy` is without user and password; absent: directly. */
  v.object({ kind: v.literal('way'), proxy: v.optional(text) }),
  v.object({ kind: v.literal('resolved'), name: text, addresses: v.array(text) }),
  v.object({ kind: v.literal('connected'), address: text, port: v.number() }),
  /** From here on it is the relay's turn, and no proxy's. */
  v.object({ kind: v.literal('reached') }),
  /** Of the relay, as it was shown and before it was judged; times in ms since the Unix epoch. */
  v.object({
    kind: v.literal('certificate'),
    subject: text,
    issuer: text,
    validFrom: when,
    validTo: when,
    /** `sha256/…` of its key. */
    pin: text,
  }),
  /** Chain and name are right. */
  v.object({ kind: v.literal('secured'), protocol: text }),
  /** The answer to an upgrade without a credential; `date` is the header as it stands. */
  v.object({
    kind: v.literal('answered'),
    status: v.number(),
    date: v.optional(text),
    /** Whether it asks for a credential in the relay's name, {@link namesOurRealm}; absent: it does not. */
    ours: v.optional(v.boolean()),
  }),
  /** The end of a try, in words for a person; `code` is Node's or OpenSSL's. */
  v.object({ kind: v.literal('failed'), why: text, code: v.optional(text) }),
] as const;

const ProbeStep = v.variant('kind', STEPS);
export type ProbeStep = v.InferOutput<typeof ProbeStep>;

/** The line of a step, its texts as long as they may be. */
export const probeLine = (step: ProbeStep): string =>
  `${JSON.stringify(step, (_key, value: unknown) => (typeof value === 'string' ? value.slice(0, LONGEST) : value))}\n`;

/** Lines that are no step are left out: of a probe that was ended the last one may be half a line. Never throws. */
export const parseProbe = (output: string): readonly ProbeStep[] =>
  output.split('\n').flatMap((line) => {
    try {
      const step = v.safeParse(ProbeStep, JSON.parse(line));
      return step.success ? [step.output] : [];
    } catch {
      return [];
    }
  });
