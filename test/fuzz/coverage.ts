/** The counters of everything that was instrumented, as one array; what is new about an input is read from it. */
import { register } from 'node:module';
import { HOOK } from './instrument.ts';

const MAX_COUNTERS = 65_536;
/** As AFL has it: how often something happened counts roughly, so that a loop's length is something new only now and then. */
const BUCKETS = 8;
const bucketOf = (count: number): number => (count < 4 ? count - 1 : Math.min(7, 31 - Math.clz32(count) + 1));
const BUCKET = Uint8Array.from({ length: 256 }, (_cell, count) => (count === 0 ? 0 : bucketOf(count)));

const counters = new Uint8ClampedArray(MAX_COUNTERS);
const modules = new Map<string, { readonly start: number; readonly count: number }>();
const words = new Set<string>();
let used = 0;

/** Called by every instrumented module. @returns its counters */
const claim = (name: string, count: number, texts: readonly string[]): Uint8ClampedArray => {
  const known = modules.get(name);
  const start = known?.start ?? used;
  if (start + count > MAX_COUNTERS) throw new Error('there are too many counters');
  if (known === undefined) {
    modules.set(name, { start, count });
    used += count;
  }
  for (const text of texts) words.add(text);
  return counters.subarray(start, start + count);
};

/** From now on what is imported for the first time is instrumented. */
export const startCoverage = (): void => {
  (globalThis as Record<string, unknown>)[HOOK] = claim;
  register('./loader.js', import.meta.url);
};

/** Texts in the instrumented sources. */
export const wordsOfSources = (): readonly string[] => [...words];

/** An upper bound of the numbers that {@link readFeatures} passes on. */
export const featureCount = (): number => used * BUCKETS;

/** Forgets what has happened so far. */
export const resetCoverage = (): void => {
  counters.fill(0, 0, used);
};

/** Calls back with a number for each thing that has happened, and roughly how often. */
export const readFeatures = (onFeature: (feature: number) => void): void => {
  for (let i = 0; i < used; i += 1) {
    const count = counters[i] ?? 0;
    if (count !== 0) onFeature(i * BUCKETS + (BUCKET[count] ?? 0));
  }
};

export interface ModuleCoverage {
  readonly name: string;
  readonly hit: number;
  readonly count: number;
}

/** @param seen which features were ever passed on. */
export const coverageOf = (seen: (feature: number) => boolean): readonly ModuleCoverage[] =>
  [...modules].map(([name, { start, count }]) => {
    const isHit = (_cell: unknown, at: number): boolean =>
      Array.from({ length: BUCKETS }, (_bucket, bucket) => (start + at) * BUCKETS + bucket).some(seen);
    return { name, hit: Array.from({ length: count }, isHit).filter(Boolean).length, count };
  });
