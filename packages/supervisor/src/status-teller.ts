/** Keeps the served status true: with every notice, and with every beat of the supervisor's own event loop. */
import { TIMING } from '@guruconnect/shared/timing';
import { type ConsoleStatus, INITIAL_STATUS, updateStatus } from './console-status.ts';
import type { Notice } from './host.ts';
import { type SupervisorFacts, toLiveStatus } from './live-status.ts';
import { openStatusServer } from './status-server.ts';

export interface StatusTeller {
  /** @returns the status after the notice. */
  notice(notice: Notice): ConsoleStatus;
  close(): void;
}

/**
 * @param onTrouble hears why there is nothing to ask: `status` is a convenience, the service goes on without it.
 */
export const startStatusTeller = (
  dataDir: string,
  mode: SupervisorFacts['mode'],
  onTrouble: (error: unknown) => void,
): StatusTeller => {
  const facts = { mode, pid: process.pid, startedAt: new Date().toISOString() };
  let status = INITIAL_STATUS;
  let closed = false;
  let tell = (): void => undefined;
  let stop = (): void => undefined;
  const timer = setInterval(() => {
    tell();
  }, TIMING.beat).unref();
  openStatusServer(dataDir).then((server) => {
    if (closed) {
      server.close();
      return;
    }
    stop = server.close;
    tell = () => {
      server.publish(JSON.stringify(toLiveStatus(facts, status)));
    };
    tell();
  }, onTrouble);
  return {
    notice: (notice) => {
      status = updateStatus(status, notice);
      tell();
      return status;
    },
    close: () => {
      closed = true;
      clearInterval(timer);
      stop();
    },
  };
};
