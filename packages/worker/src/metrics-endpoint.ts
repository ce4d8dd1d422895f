/** The metrics' server as the configuration has it now: opened, moved and closed with it. The agent goes on without. */
import type { Log } from '@guruconnect/shared/log';
import type { Beat } from '@guruconnect/shared/pipe-protocol';
import { messageOf } from '@guruconnect/shared/usage-error';

export interface MetricsEndpoint {
  /** @param port `undefined` for none. */
  use(port: number | undefined): void;
  close(): void;
}

export const createMetricsEndpoint = (log: Log, latest: () => Beat | undefined): MetricsEndpoint => {
  let wanted: number | undefined;
  let closeServer = (): void => undefined;
  const open = async (port: number): Promise<void> => {
    try {
      const server = await (await import('./metrics-server.ts')).openMetricsServer(port, latest);
      // It was closed, or moved, while it was being opened.
      if (wanted === port) closeServer = server.close;
      else server.close();
    } catch (error) {
      log.warn({ port, why: messageOf(error) }, 'the metrics cannot be served');
    }
  };
  const use = (port: number | undefined): void => {
    if (port === wanted) return;
    closeServer();
    closeServer = () => undefined;
    wanted = port;
    if (port !== undefined) void open(port);
  };
  return {
    use,
    close: () => {
      use(undefined);
    },
  };
};
