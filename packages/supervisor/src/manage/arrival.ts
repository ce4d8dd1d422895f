/** After Running: whether the agent has come online, so that nobody has to ask a minute later. */
import { TIMING } from '@guruconnect/shared/timing';
import type { Answer } from '../status-client.ts';
import { describeExit } from './exit-words.ts';
import { type ManagePorts, sleep } from './ports.ts';
import { trueStatus } from './true-status.ts';

export type Arrival =
  | { readonly kind: 'online'; readonly relay: string }
  /** It runs, and the relay has not been reached yet: it goes on trying. */
  | { readonly kind: 'trying'; readonly why: string }
  /** It has ended again. */
  | { readonly kind: 'ended'; readonly why: string };

type Ask = () => Promise<Answer>;

/** @param last why the link was not online when it was last heard of. */
const look = async (
  { manager }: ManagePorts,
  ask: Ask,
): Promise<Exclude<Arrival, { kind: 'trying' }> | { readonly why: string | undefined }> => {
  const status = await trueStatus(manager);
  if (status.state === 'stopped') return { kind: 'ended', why: describeExit(status) };
  const answer = await ask();
  // Anybody can take the name of a pipe that is not there yet.
  if (answer.kind !== 'answer' || answer.live.pid !== status.pid) return { why: undefined };
  const { link, note } = answer.live;
  if (link?.state === 'online') return { kind: 'online', relay: link.relay };
  return { why: note ?? link?.trouble };
};

/** Resolves at the latest after {@link TIMING.onlineWait}: to be running and trying is no failure. */
export const awaitArrival = async (ports: ManagePorts, ask: Ask): Promise<Arrival> => {
  const { clock, progress } = ports;
  const end = clock.now() + TIMING.onlineWait;
  progress.step('the agent to be online', TIMING.onlineWait);
  let why: string | undefined;
  for (;;) {
    const seen = await look(ports, ask);
    if ('kind' in seen) return seen;
    why = seen.why ?? why;
    if (clock.now() >= end) return { kind: 'trying', why: why ?? 'no answer from the relay yet' };
    await sleep(clock, TIMING.statePoll);
  }
};
