/** What was measured of one contender, held against another's. Pure. */
import { type Claim, claimOf, finite, notMeasured } from '../claim.ts';
import { quantile } from '../quantile.ts';

export type Values = readonly number[];

export const p99 = (values: Values): number => quantile(values, 0.99);

export interface Held {
  readonly name: string;
  /** The most that the product may take, in what the others take. */
  readonly limit: number;
  /** What is compared: the median, or {@link p99}. */
  readonly by: (values: Values) => number;
  readonly unit: string;
  readonly product: Values;
  /** What `limit` is a multiple of. */
  readonly against: Values;
  readonly floor: Values;
  readonly peers: Readonly<Record<string, Values>>;
}

/** Why there is nothing to compare, or `undefined`. */
const missing = ({ product, against }: Pick<Held, 'product' | 'against'>): string | undefined => {
  if (product.length === 0) return 'the product was not measured';
  return against.length === 0 ? 'what it is held against was not measured' : undefined;
};

export const ratioClaim = ({ name, limit, by, unit, floor, peers, ...held }: Held): Claim => {
  const why = missing(held);
  if (why !== undefined) return notMeasured({ name, limit, unit }, why);
  const of = (values: Values): number => by(values) / by(held.against);
  return claimOf({
    ...{ name, limit, unit, value: of(held.product), floor: finite(of(floor)) },
    peers: Object.fromEntries(
      Object.entries(peers)
        .filter(([, values]) => values.length > 0)
        .map(([peer, values]) => [peer, finite(of(values))]),
    ),
  });
};

/** How many are not as they should be: none may be. Of none at all there is no proof. */
export const countClaim = <T>(
  name: string,
  unit: string,
  all: readonly T[],
  isRight: (one: T) => boolean,
): Claim =>
  all.length === 0
    ? notMeasured({ name, limit: 0, unit }, 'there was none')
    : claimOf({
        ...{ name, limit: 0, unit, floor: 0, peers: {} },
        value: all.filter((one) => !isRight(one)).length,
      });
