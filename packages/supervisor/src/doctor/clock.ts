/** This machine's clock by the relay's: the Date of its answer, and the validity of its certificate. Pure. */
import { formatDuration } from '../duration.ts';
import { type Verdict, blockedBy, failed, ok, skipped, warning } from './check.ts';
import type { DoctorFacts } from './facts.ts';
import { judgeTries } from './network.ts';
import type { Way } from './way.ts';

/** A Date tells whole seconds, and the answer takes its time: less than this is no difference. */
const OFF_MS = 60_000;
const SET =
  'set the clock, and have Windows keep it: "w32tm /resync" as an administrator; "w32tm /query /status" says by whom';

const differenceWords = (ms: number): string =>
  `${formatDuration(Math.abs(ms))} ${ms < 0 ? 'behind' : 'ahead of'} the relay's`;

const isWithin = ({ certificate }: Way, at: number): boolean =>
  certificate === undefined || (at >= certificate.validFrom && at <= certificate.validTo);

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Nobody has told the time, as the certificate was not believed. */
const judgeByCertificate = (way: Way, now: number): Verdict => {
  const { certificate, failure } = way;
  if (certificate === undefined || isWithin(way, now)) {
    return failure === undefined ? skipped('the relay has not told the time') : blockedBy(failure.at);
  }
  return failed(
    `it is ${day(now)} by the clock of this machine, and the relay's certificate is good from ${day(certificate.validFrom)} to ${day(certificate.validTo)}`,
    `if that is not today: ${SET}`,
  );
};

export const judgeClock = (facts: DoctorFacts): Verdict =>
  judgeTries(facts, ({ last }) => {
    const { now } = facts;
    const told = Date.parse(last.answered?.date ?? '');
    if (Number.isNaN(told)) return judgeByCertificate(last, now);
    const off = now - told;
    if (!isWithin(last, now))
      return failed(`the clock is outside of the certificate's validity: ${differenceWords(off)}`, SET);
    return Math.abs(off) > OFF_MS
      ? warning(`the clock is ${differenceWords(off)}`, SET)
      : ok("within a minute of the relay's");
  });
