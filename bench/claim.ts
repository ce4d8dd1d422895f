/** What a benchmark shows, held against a limit. */
export interface Claim {
  readonly name: string;
  /** As measured; of several seeds the worst. `null`: it never came to an end, or, with `why`, it was not measured. */
  readonly value: number | null;
  /** The most that the value may be, or the least where `least` says so. */
  readonly limit: number;
  readonly holds: boolean;
  readonly unit: string;
  /** What no program could be better than, in the same unit. `null`: nothing was measured that could be it. */
  readonly floor: number | null;
  /** What others do in the same situation, by name, in the same unit; the median of the seeds. */
  readonly peers: Readonly<Record<string, number | null>>;
  /** The value is to be at least the limit. */
  readonly least?: true;
  /** Why it could not be measured. */
  readonly why?: string;
}

/** JSON has no infinity. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

type Measured = Omit<Claim, 'value' | 'holds' | 'why'> & { readonly value: number };

/** A claim whose value decides whether it holds: NaN, of nothing measured, does not. */
export const claimOf = ({ value, ...rest }: Measured): Claim => ({
  ...rest,
  value: finite(value),
  holds: rest.least ? value >= rest.limit : value <= rest.limit,
});

/** A claim that nobody can judge is not one that holds. */
export const notMeasured = (
  { name, limit, unit, least }: Pick<Claim, 'name' | 'limit' | 'unit' | 'least'>,
  why: string,
): Claim => ({
  ...{ name, value: null, limit, holds: false, unit, floor: null, peers: {}, why },
  ...(least && { least }),
});

/** What `--json` says of a claim. */
export const plainClaim = ({ name, value, limit, holds, unit, floor, peers }: Claim) => ({
  ...{ name, value, limit, holds, unit, floor, peers },
});
