/** An agent that loses its session as soon as it has one, and is back at once: all of the link but its waits, again and again. */
import { join } from 'node:path';
import { loadConfig } from '@guruconnect/shared/config-file';
import { createLog } from '@guruconnect/shared/log';
import type { Beat } from '@guruconnect/shared/pipe-protocol';
import { runAgent } from '@guruconnect/worker/agent';
import { resolveIdentity } from '@guruconnect/worker/identity-of';
import { systemPorts } from '@guruconnect/worker/system-ports';
import { fixture } from '../helpers/program.ts';
import { judge } from './judge.ts';
import { openRelayProgram } from './relay-program.ts';
import { type Sample, sampleNow } from './sample.ts';
import { LONG_RUN, report } from './soak.ts';

export interface Reconnects {
  readonly count: number;
  readonly token: string;
  readonly data: string;
  readonly say: (line: string) => void;
}

/** Calls back with each session that has been lost. */
const onLost = (lost: (sessions: number) => void) => {
  let sessions = 0;
  let online = false;
  return ({ link }: Beat): void => {
    if (link === 'online' && !online) sessions += 1;
    if (link === 'waiting' && online) lost(sessions);
    online = link === 'online' || (online && link !== 'waiting');
  };
};

/** @returns whether nothing grows. */
export const soakReconnects = async ({ count, token, data, say }: Reconnects): Promise<boolean> => {
  const relay = await openRelayProgram(token, fixture('dropping-relay'));
  const config = loadConfig({ relay: relay.url, enrollToken: token, data });
  const log = createLog('worker', 'info', join(data, 'logs', 'worker.log'));
  const stop = new AbortController();
  const samples: Sample[] = [];
  const every = Math.ceil(count / LONG_RUN.samples);
  const ports = systemPorts({
    config,
    log,
    signal: stop.signal,
    afterBoot: false,
    changes: () => () => undefined,
    resolve: (current) => resolveIdentity(current, data, log),
    lastWords: { read: () => undefined, forget: () => undefined },
    onBeat: onLost((sessions) => {
      if (sessions % every === 0) samples.push(sampleNow(sessions));
      if (sessions >= count) stop.abort('stop');
    }),
  });
  try {
    // The luckiest of all jitters: no wait.
    await runAgent({ ...ports, random: () => 0 });
  } finally {
    relay.close();
  }
  say(`${count} reconnects`);
  return report(samples, judge(samples, LONG_RUN.bounds), say);
};
