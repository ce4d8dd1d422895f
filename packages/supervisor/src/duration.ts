/** Times as a person reads them. Pure. */

/** `3 h 04 min`, `2 min 05 s`, `7 s`. */
export const formatDuration = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const two = (n: number): string => String(n).padStart(2, '0');
  if (hours > 0) return `${hours} h ${two(minutes % 60)} min`;
  return minutes > 0 ? `${minutes} min ${two(seconds % 60)} s` : `${seconds} s`;
};

/** `3.1 ms`, `47 ms`. */
export const formatRoundTrip = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

/** The same for a bound, which is a round number: `2 min`, `24 h`. */
export const formatBound = (ms: number): string => formatDuration(ms).replace(/ 00 (s|min)$/, '');
