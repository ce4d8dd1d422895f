/** More time for a whole file of tests than the runner gives it by itself. */
import { comment, t } from 'tap';

/** Before the first test. The runner takes the comment for its own bound, the file has another of the same length. */
export const allowTime = (ms: number): void => {
  comment(`timeout=${ms}`);
  t.setTimeout(ms);
};
