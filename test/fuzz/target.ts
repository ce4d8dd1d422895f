/** What is fuzzed: a function that takes any bytes, and throws where it finds that something is not as it has to be. */

export interface FuzzTarget {
  /** Inputs to begin with. */
  readonly seeds: readonly Uint8Array[];
  /** @param input is only lent. @throws whatever is wrong */
  run(input: Buffer): void;
}

/** Each is a module of that name in `targets`, which exports `target`. */
export const TARGETS = ['pipe', 'relay', 'machine'] as const;
export type TargetName = (typeof TARGETS)[number];

export const loadTarget = async (name: string, folder = 'targets'): Promise<FuzzTarget> =>
  ((await import(`./${folder}/${name}.js`)) as { readonly target: FuzzTarget }).target;
