/** So many things at a time: what starts processes must not start all of them at once. */

export type InSlot = <T>(work: (release: () => void) => Promise<T>) => Promise<T>;

/** @returns runs what it is given in turn; it may give its slot back before it has ended, once it only waits. */
export const createSlots = (count: number): InSlot => {
  const waiting: (() => void)[] = [];
  let free = count;
  const take = (): Promise<void> => {
    if (free === 0) return new Promise((resolve) => waiting.push(resolve));
    free -= 1;
    return Promise.resolve();
  };
  const give = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async (work) => {
    await take();
    let held = true;
    const release = (): void => {
      if (held) give();
      held = false;
    };
    try {
      return await work(release);
    } finally {
      release();
    }
  };
};
