/** What can happen to a machine, and at random. */
import fc from 'fast-check';

type Version = 'v1' | 'v2' | 'bad' | 'weak';
export type Action =
  | { readonly kind: 'install'; readonly version: Version }
  | { readonly kind: 'uninstall' | 'start' | 'stop' | 'restart' };

export type Step =
  | { readonly kind: 'act'; readonly action: Action }
  /** The power fails at the n-th call of the action, and comes back. */
  | { readonly kind: 'cut'; readonly action: Action; readonly call: number }
  /** The n-th kind of call of the action is refused. */
  | {
      readonly kind: 'refuse';
      readonly action: Action;
      readonly method: 'change' | 'stop' | 'start' | 'delete' | 'create';
    }
  /** The worker dies, or the supervisor vanishes, at the n-th call of the action. */
  | {
      readonly kind: 'upset';
      readonly action: Action;
      readonly call: number;
      readonly how: 'crash' | 'vanish';
    }
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'crash' | 'vanish' | 'service-stop' | 'service-start' }
  /** A death, and a look after exactly as long as recovery is set to wait. */
  | { readonly kind: 'death'; readonly how: 'crash' | 'vanish' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'check' };

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constant('install' as const),
    version: fc.constantFrom<Version>('v1', 'v2', 'bad', 'weak'),
  }),
  fc.record({ kind: fc.constantFrom('uninstall', 'start', 'stop', 'restart') }),
);
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('upset' as const),
      action,
      call: fc.integer({ min: 1, max: 45 }),
      how: fc.constantFrom('crash', 'vanish'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('shutdown' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('act' as const), action }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('cut' as const),
      action,
      call: fc.integer({ min: 1, max: 45 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('refuse' as const),
      action,
      method: fc.constantFrom('change', 'stop', 'start', 'delete', 'create'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('crash', 'vanish', 'service-stop', 'service-start') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('check' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('death' as const), how: fc.constantFrom('crash', 'vanish') }),
  },
);
