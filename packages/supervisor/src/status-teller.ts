/**
 * Keeps the served status true: with every notice. While a worker lives there is one with every beat, and where those are missing one with
 * every look at it: no timer is needed.
 */
import { type ConsoleStatus, INITIAL_STATUS, updateStatus } from './console-status.ts';
import type { Notice } from './host.ts';
import { type SupervisorFacts, toLiveStatus } from './live-status.ts';
import { openStatusServer } from './status-server.ts';

/** `undefined` where no worker has said. */
const isOnline = ({ beat }: ConsoleStatus): boolean | undefined => beat && beat.link === 'online';

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
  let since: string | undefined;
  let closed = false;
  let tell = (): void => undefined;
  let stop = (): void => undefined;
  openStatusServer(dataDir).then((server) => {
    if (closed) {
      server.close();
      return;
    }
    stop = server.close;
    tell = () => {
      server.publish(JSON.stringify(toLiveStatus(facts, status, since)));
    };
    tell();
  }, onTrouble);
  return {
    notice: (notice) => {
      const before = isOnline(status);
      status = updateStatus(status, notice);
      if (isOnline(status) !== before) since = new Date().toISOString();
      tell();
      return status;
    },
    close: () => {
      closed = true;
      stop();
    },
  };
};
