/** What the fleet's return is held to. The limits are the product's; the model's assumptions are in `door.ts`. */
import { type Claim, finite } from '../claim.ts';
import { type Cell, cellOf, medianOf, worstOf } from './measure.ts';
import type { ContenderKey } from './policies.ts';
import { type SituationKey, situations } from './situation.ts';
import type { Result } from './tally.ts';

const LIMIT = { hinted: 1.05, first: 2.5, restart: 1.01, alone: 1.7 } as const;
const PEERS = ['fixed', 'jittered', 'doubling'] as const;

interface Held {
  readonly situation: SituationKey;
  readonly contender: ContenderKey;
  readonly key: 'ratio' | 'first';
  readonly limit: number;
}

const CRASHES = ['crash', 'longCrash', 'slow', 'fast', 'fastLong'] as const satisfies readonly SituationKey[];

const held = (situation: SituationKey, contender: ContenderKey, key: Held['key'], limit: number): Held => ({
  situation,
  contender,
  key,
  limit,
});

const HELD: readonly Held[] = [
  ...CRASHES.flatMap((crash) => [
    held(crash, 'both', 'ratio', LIMIT.hinted),
    held(crash, 'both', 'first', LIMIT.first),
  ]),
  held('restart', 'both', 'ratio', LIMIT.restart),
  held('lateRestart', 'both', 'ratio', LIMIT.hinted),
  held('unbounded', 'both', 'ratio', LIMIT.hinted),
  held('unbounded', 'window', 'ratio', LIMIT.hinted),
  held('crash', 'alone', 'ratio', LIMIT.alone),
];

const SAYS: Record<ContenderKey, string> = {
  fixed: '',
  jittered: '',
  doubling: '',
  alone: 'no hints',
  window: 'window',
  slots: 'slots',
  both: 'window and slots',
};
const UNIT: Record<Held['key'], string> = {
  ratio: 'x floor until 99 % are back',
  first: 'x C in the first second',
};

export const claimsOf = (cells: readonly Cell[]): readonly Claim[] =>
  HELD.map(({ situation, contender, key, limit }) => {
    const value = worstOf(cellOf(cells, situation, contender), key satisfies keyof Result);
    return {
      name: `fleet: ${situations(1)[situation].name}, ${SAYS[contender]}`,
      value: finite(value),
      limit,
      holds: value <= limit,
      unit: UNIT[key],
      floor: 1,
      peers: Object.fromEntries(
        PEERS.map((peer) => [peer, finite(medianOf(cellOf(cells, situation, peer), key))]),
      ),
    };
  });
