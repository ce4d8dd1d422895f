/** A bound for work that cannot be ended: a call into Windows that never comes back. */
import { TIMING } from '@guruconnect/shared/timing';
import { formatBound } from '../duration.ts';

/** Calls back once, so many ms from now, unless the returned function is called first. */
export type After = (ms: number, callback: () => void) => () => void;

export const systemAfter: After = (ms, callback) => {
  const timer = setTimeout(callback, ms);
  return () => {
    clearTimeout(timer);
  };
};

export interface Bound {
  readonly after: After;
  /** Milliseconds; default: {@link TIMING.doctorLook}. */
  readonly ms?: number;
  /** Who was asked, to be said where nobody answers. */
  readonly who?: string;
}

/** What the work comes to, as long as it does so in time. @throws what the work throws; Error where it is given up */
export const within = <T>(
  { after, ms = TIMING.doctorLook, who }: Bound,
  work: () => Promise<T>,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const cancel = after(ms, () => {
      reject(new Error(`${who === undefined ? '' : `${who}: `}no answer within ${formatBound(ms)}`));
    });
    void Promise.resolve().then(work).then(resolve, reject).finally(cancel);
  });
