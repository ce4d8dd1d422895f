/** Makes a new input out of an old one. */
import type { Random } from '#bench/fleet/random';

/** Longest input. */
export const MAX_INPUT_BYTES = 4096;

/** Where inputs are made: the bytes up to `length` are the input, the rest is room. */
export interface Draft {
  readonly bytes: Buffer;
  length: number;
}

export const createDraft = (): Draft => ({ bytes: Buffer.alloc(MAX_INPUT_BYTES), length: 0 });

export interface Material {
  readonly random: Random;
  /** What may be put in: texts of the sources, parts of JSON, strange characters. */
  readonly words: readonly Buffer[];
  /** Another input. */
  other(): Uint8Array;
}

const below = (random: Random, end: number): number => Math.floor(random() * end);

/** Bytes that mean something: ends of lines and texts, edges of numbers, parts of long characters. */
const BYTES = [
  0, 1, 0x0a, 0x0d, 0x20, 0x22, 0x5c, 0x7b, 0x7d, 0x7f, 0x80, 0xbf, 0xc0, 0xe2, 0xed, 0xf4, 0xff,
];
const NUMBERS = ['0', '-0', '-1', '1', '2', '0.5', '1e999', '1e-999', '9007199254740993', '4294967296'].map(
  (text) => Buffer.from(text),
);
const byteOf = (random: Random): number =>
  random() < 0.5 ? (BYTES[below(random, BYTES.length)] ?? 0) : below(random, 256);

/** Puts `part` in the place of `cut` bytes; what has no room is dropped. */
const replace = (draft: Draft, at: number, cut: number, part: Uint8Array): void => {
  const size = Math.min(part.length, MAX_INPUT_BYTES - at);
  draft.bytes.copyWithin(at + size, at + cut, draft.length);
  draft.bytes.set(part.subarray(0, size), at);
  draft.length = Math.min(MAX_INPUT_BYTES, draft.length - cut + size);
};

const rangeOf = (draft: Draft, random: Random): readonly [at: number, size: number] => {
  const at = below(random, draft.length + 1);
  const most = draft.length - at;
  // Mostly short: a long one destroys what was good about the input.
  return [at, below(random, 1 + (random() < 0.7 ? Math.min(most, 8) : most))];
};

const setByte = (draft: Draft, { random }: Material): void => {
  draft.bytes[below(random, Math.max(1, draft.length))] = byteOf(random);
  draft.length = Math.max(1, draft.length);
};

const flipBit = (draft: Draft, { random }: Material): void => {
  const at = below(random, Math.max(1, draft.length));
  draft.bytes[at] = (draft.bytes[at] ?? 0) ^ (1 << below(random, 8));
};

const insertRun = (draft: Draft, { random }: Material): void => {
  const size = 2 ** below(random, random() < 0.95 ? 5 : 11);
  replace(draft, below(random, draft.length + 1), 0, Buffer.alloc(size, byteOf(random)));
};

const erase = (draft: Draft, { random }: Material): void => {
  const [at, size] = rangeOf(draft, random);
  replace(draft, at, size, Buffer.alloc(0));
};

const repeat = (draft: Draft, { random }: Material): void => {
  const [at, size] = rangeOf(draft, random);
  const part = Buffer.from(draft.bytes.subarray(at, at + size));
  replace(draft, below(random, draft.length + 1), 0, part);
};

const putWord = (draft: Draft, { random, words }: Material): void => {
  const [at, size] = rangeOf(draft, random);
  const word = words[below(random, words.length)] ?? Buffer.alloc(0);
  replace(draft, at, random() < 0.5 ? 0 : size, word);
};

const putOther = (draft: Draft, { random, other }: Material): void => {
  const part = other();
  const start = below(random, part.length);
  const [at, size] = rangeOf(draft, random);
  replace(draft, at, size, part.subarray(start, start + 1 + below(random, part.length - start)));
};

const isDigit = (byte = 0): boolean => byte >= 0x30 && byte <= 0x39;

const putNumber = (draft: Draft, { random }: Material): void => {
  let at = below(random, draft.length + 1);
  while (at < draft.length && !isDigit(draft.bytes[at])) at += 1;
  let end = at;
  while (end < draft.length && isDigit(draft.bytes[end])) end += 1;
  replace(draft, at, end - at, NUMBERS[below(random, NUMBERS.length)] ?? Buffer.alloc(0));
};

const MUTATIONS = [setByte, flipBit, insertRun, erase, repeat, putWord, putWord, putOther, putNumber];

/** Changes the draft once to five times. */
export const mutate = (draft: Draft, material: Material): void => {
  const { random } = material;
  for (let rounds = 1 + below(random, 5); rounds > 0; rounds -= 1) {
    MUTATIONS[below(random, MUTATIONS.length)]?.(draft, material);
  }
};
