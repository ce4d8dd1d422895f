/** Does something so many times a second, evenly; several times at once where a timer is not quick enough for one. */

const TICK_MS = 1;

/** Resolves after `ms`. */
export const pace = (perSecond: number, ms: number, act: () => void): Promise<void> =>
  new Promise((resolve) => {
    const from = performance.now();
    let done = 0;
    const tick = setInterval(
      () => {
        const passed = performance.now() - from;
        for (const due = Math.floor((Math.min(passed, ms) * perSecond) / 1000); done < due; done += 1) act();
        if (passed < ms) return;
        clearInterval(tick);
        resolve();
      },
      Math.max(TICK_MS, 1000 / perSecond),
    );
  });
