/**
 * Notices that the machine has slept, that its clock was set, or that its addresses have changed. Windows and Linux have an
 * event for each, and Node has none of them: so two clocks and the list of addresses are looked at, in one tick.
 */
import { networkInterfaces } from 'node:os';
import { type Clock, createAlarm } from '@guruconnect/shared/clock';
import { TIMING } from '@guruconnect/shared/timing';

export type WakeReason = 'resumed' | 'clock-set' | 'addresses';

export interface Sample {
  /** Monotonic milliseconds; whether they go on in sleep depends on the system. */
  readonly mono: number;
  /** Milliseconds since the Unix epoch. */
  readonly wall: number;
  /** Every address of the machine, in one text. */
  readonly addresses: string;
}

/**
 * What has happened between two looks. Pure. A clock that went forward more than the monotonic one is a sleep as far as
 * anybody can tell (a monotonic clock that stops in sleep: Linux), and so is a look that comes far too late (one that does
 * not: Windows).
 */
export const compareSamples = (before: Sample, after: Sample): WakeReason | undefined => {
  const mono = after.mono - before.mono;
  const jump = after.wall - before.wall - mono;
  if (jump > TIMING.clockJump || mono > TIMING.wakeLook + TIMING.clockJump) return 'resumed';
  if (jump < -TIMING.clockJump) return 'clock-set';
  return after.addresses === before.addresses ? undefined : 'addresses';
};

/** Loopback never changes, and a link-local address comes and goes with every cable. */
export const addressesOf = (interfaces: ReturnType<typeof networkInterfaces>): string =>
  Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !/^(?:fe80:|169\.254\.)/i.test(address))
    .map(({ address }) => address)
    .sort()
    .join(' ');

/** A machine may have no right to list them. */
const addresses = (): string => {
  try {
    return addressesOf(networkInterfaces());
  } catch {
    return '';
  }
};

export const systemSample = (): Sample => ({
  mono: performance.now(),
  wall: Date.now(),
  addresses: addresses(),
});

/** Looks every {@link TIMING.wakeLook} ms until the returned function is called. */
export const watchWakes = (
  clock: Clock,
  sample: () => Sample,
  onWake: (reason: WakeReason) => void,
): (() => void) => {
  const alarm = createAlarm(clock);
  let last = sample();
  const look = (): void => {
    const now = sample();
    const reason = compareSamples(last, now);
    last = now;
    next();
    if (reason !== undefined) onWake(reason);
  };
  const next = (): void => {
    alarm.set(TIMING.wakeLook, look);
  };
  next();
  return alarm.off;
};
