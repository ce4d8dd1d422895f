/** What the doctor looks at, in the order in which it tells, and what can come of it. Pure. */

/** Names for people and programs; docs/operations.md has a row for each. */
export const CHECK_NAMES = [
  'registered',
  'image-path',
  'program',
  'start-type',
  'recovery',
  'failure-flag',
  'account',
  'running',
  'data-folder',
  'store',
  'configuration',
  'credential',
  'clock',
  'dns',
  'tcp',
  'proxy',
  'tls',
  'pins',
  'relay',
  'link',
  'event-log',
  'disk',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** `what` is one line; `todo` says what to do about it, `why` what it is known by. */
export type Verdict =
  | { readonly kind: 'ok'; readonly what: string }
  | {
      readonly kind: 'warning' | 'failed';
      readonly what: string;
      readonly why?: string | undefined;
      readonly todo: string;
    }
  /** `because` names the check that it could not be made without. */
  | { readonly kind: 'skipped'; readonly why: string; readonly because?: CheckName | undefined };

export interface Finding {
  readonly name: CheckName;
  readonly verdict: Verdict;
}

export const ok = (what: string): Verdict => ({ kind: 'ok', what });
export const failed = (what: string, todo: string, why?: string): Verdict => ({
  kind: 'failed',
  what,
  todo,
  why,
});
export const warning = (what: string, todo: string, why?: string): Verdict => ({
  kind: 'warning',
  what,
  todo,
  why,
});
/** It could not be made, as another one has failed. */
export const blockedBy = (name: CheckName): Verdict => ({
  kind: 'skipped',
  why: `because ${name} failed`,
  because: name,
});
export const skipped = (why: string): Verdict => ({ kind: 'skipped', why });

/** What a look at the machine has brought. */
export type Reading<T> =
  | { readonly kind: 'known'; readonly value: T }
  /** It takes more rights than the doctor's caller has. */
  | { readonly kind: 'denied'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string }
  /** It means nothing on this machine. */
  | { readonly kind: 'elsewhere'; readonly why: string };

/** A verdict over what is known; what is not known is skipped, and said so. */
export const judgeKnown = <T>(reading: Reading<T>, judge: (value: T) => Verdict): Verdict => {
  switch (reading.kind) {
    case 'known':
      return judge(reading.value);
    case 'denied':
      return skipped(`needs more rights (an administrator's terminal): ${reading.why}`);
    case 'failed':
      return skipped(`could not be looked at: ${reading.why}`);
    case 'elsewhere':
      return skipped(reading.why);
  }
};
