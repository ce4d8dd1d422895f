/** The effects of the service's machine: host, worker and timer. What they cause comes back as events. */
import { createAlarm } from '@guruconnect/shared/clock';
import { TIMING } from '@guruconnect/shared/timing';
import { unreachable } from '@guruconnect/shared/unreachable';
import type { SupervisePorts, Worker } from './host.ts';
import type { Hang } from './hang.ts';
import type { ServiceEffect, ServiceEvent, Wait } from './machine.ts';

export interface ServiceCallbacks {
  dispatch(event: ServiceEvent): void;
  /** A port has thrown where the machine's runner could not see it. */
  fail(error: unknown): void;
}

const WAITS: Readonly<Record<Wait, number>> = {
  hello: TIMING.workerHello,
  stop: TIMING.stopGrace,
  shutdown: TIMING.shutdownGrace,
  exit: TIMING.exitGrace,
  kill: TIMING.killRetry,
};

const spawn = (
  { spawnWorker, notice }: SupervisePorts,
  { dispatch, fail }: ServiceCallbacks,
  onHang: (hang: Hang) => void,
): Worker => {
  /** What a worker tells may be told on to a port that throws. */
  const guarded = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      fail(error);
    }
  };
  return spawnWorker({
    ready: () => {
      dispatch({ kind: 'worker-ready' });
    },
    beat: (beat) => {
      guarded(() => notice({ kind: 'beat', beat }));
    },
    fault: (fault) => {
      guarded(() => notice({ kind: 'fault', fault }));
    },
    silent: (forMs) => {
      guarded(() => notice({ kind: 'silent', forMs }));
    },
    stranger: () => {
      guarded(() => notice({ kind: 'stranger' }));
    },
    wrote: (words) => {
      guarded(() => notice({ kind: 'wrote', words }));
    },
    hung: (hang) => {
      onHang(hang);
      dispatch({ kind: 'worker-hung' });
    },
    pipeLost: () => {
      dispatch({ kind: 'pipe-lost' });
    },
    exited: (exit) => {
      guarded(() => notice({ kind: 'exited', exit }));
      dispatch({ kind: 'worker-exited' });
    },
  });
};

/** The machine's effects; `worker` is known from the first spawn on. */
export const createServiceEffects = (ports: SupervisePorts, callbacks: ServiceCallbacks) => {
  const { host, clock, notice } = ports;
  const alarm = createAlarm(clock);
  let worker: Worker | undefined;
  let waiting: Wait | undefined;
  let hang: Hang | undefined;
  const perform = (effect: ServiceEffect): void => {
    switch (effect.kind) {
      case 'report':
        host.report(effect.report);
        return;
      case 'checkpoint':
        host.checkpoint();
        return;
      case 'spawn':
        worker = spawn(ports, callbacks, (kind) => (hang = kind));
        notice({ kind: 'spawned', pid: worker.pid });
        return;
      case 'ask-stop':
        worker?.askStop(effect.reason);
        return;
      case 'kill':
        if (waiting !== undefined) notice({ kind: 'killed', after: waiting });
        else notice({ kind: 'killed', after: 'hung', ...(hang !== undefined && { hang }) });
        worker?.kill();
        return;
      case 'timer':
        waiting = effect.wait;
        alarm.set(WAITS[effect.wait], () => {
          callbacks.dispatch({ kind: 'timeout' });
        });
        return;
      case 'timer-off':
        waiting = undefined;
        alarm.off();
        return;
      default:
        unreachable(effect);
    }
  };
  const abandon = (): void => {
    alarm.off();
    worker?.kill();
  };
  return { perform, abandon };
};
