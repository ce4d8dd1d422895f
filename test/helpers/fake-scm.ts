/**
 * A Service Control Manager in memory, by Microsoft's documented rules and on a virtual clock: what Wine does not
 * implement (recovery) and what no test may do to a real machine (a power cut).
 */
import type { ServiceManager } from '@guruconnect/supervisor/manage/service-manager';
import { fakeManager } from './fake-scm-manager.ts';
import {
  type FakeProcess,
  type FakeService,
  type Program,
  type ServiceWorld,
  control,
  forget,
  isHung,
  launch,
  startError,
} from './fake-scm-service.ts';
import type { FakeClock } from './fake-clock.ts';

const CONTROL_SHUTDOWN = 5;
/** WaitToKillServiceTimeout, as Windows has it by default. */
const SHUTDOWN_MS = 5000;

/** What the next call of a method gets instead of its effect: a Win32 error, or an answer as if all were well. */
export type Fault = number | 'dropped';

export interface FakeScm {
  readonly clock: FakeClock;
  /** @param elevated without, whatever changes something is refused with 5. */
  manager(name: string, elevated?: boolean): ServiceManager;
  service(name: string): FakeService | undefined;
  process(name: string): FakeProcess | undefined;
  isHung(name: string): boolean;
  /** An open handle of somebody else's. @returns closes it. */
  hold(name: string): () => void;
  /** For the next call of the method, or for all of them. */
  fault(method: keyof ServiceManager, fault: Fault, always?: boolean): void;
  clearFaults(): void;
  /** Power is cut instead of the n-th call from now on; that call, and every later one of the same manager, never returns. */
  cutAt(call: number): void;
  /** Something happens just before the n-th call from now on. */
  at(call: number, event: () => void): void;
  /** SERVICE_CONTROL_SHUTDOWN to all that run, and 5 s for it: then the power is gone. */
  shutdown(): void;
  /** Every process, queue and count is gone; the configuration stays. */
  powerCut(): void;
  /** Automatic services start. */
  boot(): void;
  readonly violations: readonly string[];
  readonly history: readonly string[];
}

/** What the manager needs to know of the machine. */
export interface Machine extends ServiceWorld {
  readonly services: Map<string, FakeService>;
  readonly epoch: () => number;
  readonly takeFault: (method: string) => Fault | undefined;
  /** @returns whether the power is cut instead of the call. */
  readonly countCall: () => boolean;
  readonly release: (service: FakeService) => void;
}

interface PlannedFault {
  readonly fault: Fault;
  readonly always: boolean;
}

export const createFakeScm = (
  clock: FakeClock,
  programs: (imagePath: string) => Program | undefined,
): FakeScm => {
  const services = new Map<string, FakeService>();
  const violations: string[] = [];
  const history: string[] = [];
  const faults = new Map<string, PlannedFault>();
  let pid = 4000;
  let epoch = 0;
  let callsLeft = Infinity;
  let planned: { call: number; event: () => void } | undefined;

  /** A service that is marked goes when it is stopped and nobody has it open: nf-winsvc-deleteservice, Remarks. */
  const release = (service: FakeService): void => {
    if (!service.marked || service.handles > 0 || service.process !== undefined) return;
    services.delete(service.name);
    machine.tell(`${service.name}: gone`);
  };
  const powerCut = (): void => {
    epoch += 1;
    callsLeft = Infinity;
    history.push(`${clock.now()} power cut`);
    for (const service of services.values()) {
      forget(service);
      release(service);
    }
  };
  const machine: Machine = {
    clock,
    services,
    epoch: () => epoch,
    nextPid: () => (pid += 4),
    programOf: programs,
    violation: (what) => violations.push(what),
    tell: (what) => history.push(`${clock.now()} ${what}`),
    stopped: release,
    release,
    takeFault: (method) => {
      const planned = faults.get(method);
      if (planned?.always === false) faults.delete(method);
      return planned?.fault;
    },
    countCall: () => {
      if (planned !== undefined && (planned.call -= 1) <= 0) {
        const { event } = planned;
        planned = undefined;
        event();
      }
      callsLeft -= 1;
      if (callsLeft > 0) return false;
      powerCut();
      return true;
    },
  };
  return {
    clock,
    violations,
    history,
    powerCut,
    manager: (name, elevated = true) => fakeManager(machine, name, elevated),
    service: (name) => services.get(name),
    process: (name) => services.get(name)?.process,
    isHung: (name) => {
      const service = services.get(name);
      return service !== undefined && isHung(service, clock.now());
    },
    hold: (name) => {
      const service = services.get(name);
      if (service === undefined) throw new Error(`${name} is not installed`);
      service.handles += 1;
      return () => {
        service.handles = Math.max(0, service.handles - 1);
        release(service);
      };
    },
    fault: (method, fault, always = false) => {
      faults.set(method, { fault, always });
    },
    at: (call, event) => {
      planned = { call, event };
    },
    shutdown: () => {
      for (const service of services.values()) control(service, CONTROL_SHUTDOWN);
      clock.advance(SHUTDOWN_MS);
      powerCut();
    },
    clearFaults: () => {
      faults.clear();
      planned = undefined;
    },
    cutAt: (call) => {
      callsLeft = call;
    },
    boot: () => {
      machine.tell('boot');
      for (const service of services.values()) {
        const automatic = service.config.startType === 'auto';
        if (automatic && startError(machine, service) === 0) launch(machine, service, 'auto');
      }
    },
  };
};
