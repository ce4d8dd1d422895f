/**
 * A coverage-guided fuzzer: an input that makes something happen which has not happened before, or makes it happen with fewer
 * bytes, becomes material for others. The same seed, corpus and code give the same run.
 */
import { type Random, createRandom } from '#bench/fleet/random';
import { featureCount, readFeatures, resetCoverage, wordsOfSources } from './coverage.ts';
import { type Draft, MAX_INPUT_BYTES, createDraft, mutate } from './mutate.ts';
import { shrink } from './shrink.ts';
import type { FuzzTarget } from './target.ts';

export interface Finding {
  /** As short as it could be made. */
  readonly input: Buffer;
  readonly error: unknown;
}

export interface FuzzRun {
  /** The corpus as it is now: for each feature the shortest input that has it. */
  corpus(): readonly Buffer[];
  isSeen(feature: number): boolean;
  features(): number;
  /** Runs so many inputs more. @returns what was found, and then it ends early */
  go(runs: number): Finding | undefined;
}

interface Entry {
  readonly input: Buffer;
  /** Features of which it is the shortest input. */
  owned: number;
}

/** What JSON is made of, and what has broken parsers before. */
const COMMON_WORDS = [
  '{', '}', '[', ']', ':', ',', '"', '":"', '":{"', 'null', 'true', 'false', '[[[[', '{"a":', '\n', '\\n', '\\u0000', '\\ud800',
  '__proto__', '"__proto__":{"polluted":1},', 'constructor', 'prototype', 'toString', '\u2028', '\ufeff', '💩', '\u202e', '\u0085',
].map((text) => Buffer.from(text)); // prettier-ignore

const quoted = (text: string): readonly string[] => [text, JSON.stringify(text), `,${JSON.stringify(text)}:`];
const MAX_WORD = 64;

/** What is no JSON is an error each time, and most of its cost is a stack that nobody looks at. */
const withoutStacks = <T>(work: () => T): T => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = limit;
  }
};

/** @param before is called with every input before it runs. */
export const startFuzzing = (
  { run, seeds }: FuzzTarget,
  corpus: readonly Uint8Array[],
  seed: number,
  before: (input: Buffer) => void = () => undefined,
): FuzzRun => {
  const random: Random = createRandom(seed);
  const owners: (Entry | undefined)[] = Array.from({ length: featureCount() });
  let entries: Entry[] = [];
  let dropped = 0;
  const words = [
    ...COMMON_WORDS,
    ...wordsOfSources()
      .filter((text) => text !== '' && text.length <= MAX_WORD)
      .flatMap(quoted)
      .map((text) => Buffer.from(text)),
  ];

  const add = (input: Buffer): void => {
    let entry: Entry | undefined;
    readFeatures((feature) => {
      const owner = owners[feature];
      if (owner !== undefined && owner.input.length <= input.length) return;
      entry ??= { input: Buffer.from(input), owned: 0 };
      entry.owned += 1;
      owners[feature] = entry;
      if (owner === undefined) return;
      owner.owned -= 1;
      if (owner.owned === 0) dropped += 1;
    });
    if (entry !== undefined) entries.push(entry);
    if (dropped * 4 > entries.length) {
      entries = entries.filter(({ owned }) => owned > 0);
      dropped = 0;
    }
  };

  const fails = (input: Buffer): unknown => {
    try {
      before(input);
      run(input);
      return undefined;
    } catch (error) {
      return error ?? new Error('nothing was thrown');
    }
  };

  const attempt = (input: Buffer): Finding | undefined => {
    resetCoverage();
    const error = fails(input);
    if (error !== undefined) {
      const shortest = shrink(Buffer.from(input), (shorter) => fails(shorter) !== undefined);
      return { input: shortest, error: fails(shortest) ?? error };
    }
    add(input);
    return undefined;
  };

  const pick = (): Uint8Array => {
    // The newest ones are where something is going on.
    const last = random() < 0.25 ? Math.min(entries.length, 16) : entries.length;
    return entries[entries.length - 1 - Math.floor(random() * last)]?.input ?? Buffer.alloc(0);
  };
  const draft: Draft = createDraft();
  const next = (): Buffer => {
    const from = pick();
    draft.bytes.set(from);
    draft.length = from.length;
    mutate(draft, { random, words, other: pick });
    return draft.bytes.subarray(0, draft.length);
  };

  const given = [...corpus, ...seeds].filter(({ length }) => length <= MAX_INPUT_BYTES);
  return {
    corpus: () => entries.filter(({ owned }) => owned > 0).map(({ input }) => input),
    isSeen: (feature) => owners[feature] !== undefined,
    features: () => owners.filter((owner) => owner !== undefined).length,
    go: (runs) =>
      withoutStacks(() => {
        for (let done = 0; done < runs; done += 1) {
          const known = given.shift();
          const finding = attempt(known === undefined ? next() : Buffer.from(known));
          if (finding !== undefined) return finding;
        }
        return undefined;
      }),
  };
};
