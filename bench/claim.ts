/** What a benchmark shows, held against a limit. */
export interface Claim {
  readonly name: string;
  /** As measured; of several seeds the worst. `null`: it never came to an end. */
  readonly value: number | null;
  /** The most that the value may be. */
  readonly limit: number;
  readonly holds: boolean;
  readonly unit: string;
  /** What no program could be better than, in the same unit. */
  readonly floor: number;
  /** What others do in the same situation, by name, in the same unit; the median of the seeds. */
  readonly peers: Readonly<Record<string, number | null>>;
}

/** JSON has no infinity. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

export const describeClaim = ({ name, value, limit, holds, unit }: Claim): string =>
  `${holds ? 'holds' : 'FAILS'}  ${name}: ${value === null ? 'never' : value.toFixed(3)} ${unit}, limit ${limit}`;
