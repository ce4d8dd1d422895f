/** Asks the machine for all that the doctor judges by, each look bounded and for itself: one that fails takes no other along. */
import type { Inspection } from '@guruconnect/shared/config-file';
import type { ProbeStep } from '@guruconnect/shared/probe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { messageOf } from '@guruconnect/shared/usage-error';
import type { Weakness } from '../manage/path-safety.ts';
import type { StatusFacts } from '../manage/status-facts.ts';
import { WIN32, isWin32 } from '../manage/win32-error.ts';
import type { Reading } from './check.ts';
import type { DiskFact, DoctorFacts, EventLogSource, FolderFact, StoreFact, StoredFact } from './facts.ts';
import { type After, within } from './within.ts';

type Look<T> = () => Promise<T>;

/** A look may reject; {@link NotHere} where it means nothing on this machine. */
export interface DoctorPorts {
  readonly status: Look<StatusFacts>;
  readonly inspect: () => Inspection;
  readonly weakness: (status: StatusFacts) => Promise<Weakness | undefined>;
  readonly folder: Look<FolderFact>;
  readonly store: Look<StoreFact>;
  readonly stored: (inspection: Inspection) => Promise<StoredFact>;
  readonly probe: Look<readonly ProbeStep[]>;
  readonly disk: Look<DiskFact>;
  readonly eventLogSource: Look<EventLogSource>;
  /** Milliseconds since the Unix epoch. */
  readonly wallNow: () => number;
  readonly after: After;
}

/** The look means nothing on this machine; the message says why. */
export class NotHere extends Error {
  override readonly name = 'NotHere';
}

const DENIED: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);

const isDenied = (error: unknown): boolean =>
  isWin32(error, WIN32.accessDenied) || DENIED.has((error as NodeJS.ErrnoException).code ?? '');

const unread = (error: unknown): Exclude<Reading<never>, { kind: 'known' }> => {
  const why = messageOf(error);
  if (error instanceof NotHere) return { kind: 'elsewhere', why };
  const { cause } = error as { readonly cause?: unknown };
  return { kind: isDenied(error) || isDenied(cause ?? {}) ? 'denied' : 'failed', why };
};

/** Resolves after {@link TIMING.doctorLook} at the latest, or after `boundMs`. Never rejects. */
export const look = <T>(
  { after }: Pick<DoctorPorts, 'after'>,
  work: Look<T>,
  boundMs: number = TIMING.doctorLook,
): Promise<Reading<T>> =>
  within({ after, ms: boundMs }, work).then((value): Reading<T> => ({ kind: 'known', value }), unread);

/** Never rejects, but where the status itself cannot be gathered, or not in time: there is nothing to judge by. */
export const gather = async (ports: DoctorPorts): Promise<DoctorFacts> => {
  const inspection = ports.inspect();
  const timed = async () => {
    // The probe bounds itself; this is for one that cannot even be ended.
    const probe = await look(ports, ports.probe, TIMING.probe + TIMING.doctorLook);
    return { probe, now: ports.wallNow() };
  };
  const [status, folder, store, stored, way, disk, eventLogSource] = await Promise.all([
    within({ after: ports.after, who: 'the status of the service' }, ports.status),
    look(ports, ports.folder),
    look(ports, ports.store),
    look(ports, () => ports.stored(inspection)),
    timed(),
    look(ports, ports.disk),
    look(ports, ports.eventLogSource),
  ]);
  const weakness = await look(ports, () => ports.weakness(status));
  return { status, inspection, weakness, folder, store, stored, ...way, disk, eventLogSource };
};
