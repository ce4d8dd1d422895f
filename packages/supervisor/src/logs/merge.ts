/** Several sequences as one, in an order that each of them has already. Pure. */

/**
 * Where it cannot be told which of two comes first, it is that of the earlier source. Of each source one item is held at a time.
 * @param isBefore whether `a` has to come before `b`.
 */
export function* merge<T>(
  sources: readonly Iterator<T>[],
  isBefore: (a: T, b: T) => boolean,
): Generator<T, void> {
  const waiting = sources.map((source) => ({ source, head: source.next() }));
  for (;;) {
    let first: (typeof waiting)[number] | undefined;
    let found: { readonly item: T } | undefined;
    for (const each of waiting) {
      if (each.head.done === true) continue;
      if (found !== undefined && !isBefore(each.head.value, found.item)) continue;
      first = each;
      found = { item: each.head.value };
    }
    if (first === undefined || found === undefined) return;
    yield found.item;
    first.head = first.source.next();
  }
}
