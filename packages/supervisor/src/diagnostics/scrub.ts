/**
 * Takes secrets out of text: those that are known, in every spelling that a log or a header could have them in, and what looks like
 * one of ours, known or not (a credential that was revoked, say). Pure.
 */

export const REMOVED = '[removed]';

/** Shorter ones are part of too many words to be looked for by themselves. */
const SHORTEST = 4;
/** Of a piece in the middle of base64: fewer characters could be anything. */
const SHORTEST_PIECE = 6;

const BITS = { byte: 8, digit: 6 } as const;

/** A secret inside of base64 begins at one of three places of a group; digits that its neighbours share are left out. */
const base64Pieces = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const from = Math.ceil((offset * BITS.byte) / BITS.digit);
    const to = Math.floor(((offset + bytes.length) * BITS.byte) / BITS.digit);
    return text.slice(from, to);
  });
};

const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

/** Every character as %XX, as some programs write it. */
const percentAll = (secret: string): string =>
  [...Buffer.from(secret, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** Half a surrogate pair has no percent encoding, and stays as it is. */
const percent = (text: string): string => {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
};

/** All ways in which a secret may be written. */
export const spellingsOf = (secret: string): readonly string[] => {
  const pieces = base64Pieces(secret).filter(({ length }) => length >= SHORTEST_PIECE);
  const hex = Buffer.from(secret, 'utf8').toString('hex');
  const whole = [
    secret,
    percent(secret),
    percent(percent(secret)),
    percentAll(secret),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
    hex,
  ];
  return [...new Set([...whole, ...pieces, ...pieces.map(urlSafe)])];
};

/** What is one of ours by its looks, and what stands where a secret stands. */
const PATTERNS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/cak_[A-Za-z0-9_-]{8,}/g, `cak_${REMOVED}`],
  [/\b(bearer|basic)(\s+|%20)[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${REMOVED}`],
  [/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'@\\]{1,1024}@/gi, `$1${REMOVED}@`],
];

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export type Scrub = (text: string) => string;

/** Whole secrets before their parts, and percent signs and hexadecimal in either case. */
export const createScrub = (secrets: readonly string[]): Scrub => {
  const spellings = secrets
    .filter(({ length }) => length >= SHORTEST)
    .flatMap(spellingsOf)
    .sort((a, b) => b.length - a.length);
  const known =
    spellings.length === 0 ? undefined : new RegExp([...new Set(spellings)].map(escape).join('|'), 'gi');
  return (text) => {
    const clean = known === undefined ? text : text.replace(known, REMOVED);
    return PATTERNS.reduce((done, [pattern, replacement]) => done.replace(pattern, replacement), clean);
  };
};
