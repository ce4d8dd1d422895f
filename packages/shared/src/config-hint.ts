/** What somebody may have meant who wrote a key that there is not. Pure. */

const letters = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Letters to insert, remove, replace or swap with the next one (optimal string alignment), a row at a time. */
const distance = (a: string, b: string): number => {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_cell, at) => at);
  for (const [i, letter] of Array.from(a).entries()) {
    const above = row;
    row = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const replaced = (above[j] ?? 0) + (letter === other ? 0 : 1);
      const isSwap = letter === b[j - 1] && other === a[i - 1];
      const swapped = isSwap ? (before[j - 1] ?? 0) + 1 : Infinity;
      row.push(Math.min(replaced, swapped, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    before = above;
  }
  return row[b.length] ?? 0;
};

/** A third of a key's letters may be wrong, or else anything short were like anything. */
const isNear = (key: string, known: string): boolean =>
  key.length <= 2 * known.length && distance(key, known) <= Math.max(1, Math.floor(known.length / 3));

/** The known key that is most like `key`: the same in other letters (a flag's spelling, say), or with a slip in it. */
export const nearestKey = (key: string, known: readonly string[]): string | undefined => {
  const wanted = letters(key);
  const ranked = known
    .map((candidate) => ({ candidate, plain: letters(candidate) }))
    .filter(({ plain }) => wanted === plain || (wanted.length > 1 && isNear(wanted, plain)))
    .map(({ candidate, plain }) => ({ candidate, away: distance(wanted, plain) }))
    .sort((a, b) => a.away - b.away);
  return ranked[0]?.candidate;
};
