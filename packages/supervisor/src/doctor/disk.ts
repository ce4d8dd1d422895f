/** Room for the credential, the logs, and the last words. Pure. */
import { type Verdict, failed, judgeKnown, ok, warning } from './check.ts';
import type { DoctorFacts } from './facts.ts';

const MIB = 1024 * 1024;
/** Less is a matter of days, with the logs of this and every other program. */
const LITTLE_MIB = 512;
/** Less, and a credential may not be stored: the machine could be lost at its next enrolment. */
const TOO_LITTLE_MIB = 32;

const size = (mib: number): string => (mib >= 10 * 1024 ? `${Math.floor(mib / 1024)} GiB` : `${mib} MiB`);

export const judgeDisk = ({ disk }: DoctorFacts): Verdict =>
  judgeKnown(disk, ({ path, freeBytes }) => {
    const mib = Math.floor(freeBytes / MIB);
    const what = `${size(mib)} free at ${path}`;
    if (mib >= LITTLE_MIB) return ok(what);
    const verdict = mib < TOO_LITTLE_MIB ? failed : warning;
    return verdict(`the disk is full: ${what}`, 'make room: the credential and the logs need some');
  });
