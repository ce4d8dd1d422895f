/**
 * One fleet, one loss, in virtual time: from the end of all sessions until everybody is back or it has taken 40 times
 * as long as it had to. The same seed gives the same run, whatever the machine.
 */
import { CLOSE } from '@guruconnect/shared/relay-protocol';
import { reasonWithSlot } from '@guruconnect/shared/retry-after';
import { TIMING } from '@guruconnect/shared/timing';
import { createAgenda } from './agenda.ts';
import { type Answer, type Door, createDoor } from './door.ts';
import type { Ending, PolicyMaker } from './policy.ts';
import { createRandom } from './random.ts';
import { type Situation, floorOf, windowOf } from './situation.ts';
import { type Tally, createTally } from './tally.ts';

/** What the relay does for its fleet. */
export interface Hints {
  /** Its welcome has announced the window. */
  readonly window: boolean;
  /** It gives slots: in 503, and in 1012 when it restarts. */
  readonly slots: boolean;
}

/** Milliseconds from an agent to the relay, or back: between these two, the same for all tries of an agent. */
const WAY = [10, 100] as const;
/** So many times the floor, and so long at the least, and the fleet counts as one that does not come back. */
const PATIENCE = 40;
const PATIENCE_MS = 600_000;

const UNREACHABLE: Ending = { kind: 'error', code: 'ENETUNREACH' };
const REFUSED: Answer = { kind: 'error', code: 'ECONNREFUSED' };
/** The agent gives up: what the link makes of silence is a loss by the relay. */
const SILENCE: Ending = { kind: 'error', code: 'ETIMEDOUT' };

/** How the session of an agent ends. */
const firstEnding = (situation: Situation, hints: Hints, agent: number): Ending => {
  if (situation.loss === 'network') return { kind: 'close', ...CLOSE.heartbeatLost };
  if (situation.loss !== 'restart') return { kind: 'close', code: 1006, reason: '' };
  const { code, reason } = CLOSE.relayRestart;
  if (!hints.slots) return { kind: 'close', code, reason };
  const slotMs = situation.downMs - situation.lateMs + (agent * 1000) / situation.perSecond;
  return { kind: 'close', code, reason: reasonWithSlot(reason, Math.round(slotMs)) };
};

/** The relay, with what lies before it: gone, unreachable or there. */
const wayIn = (situation: Situation, door: Door): Door => {
  const away: Answer = situation.loss === 'network' ? UNREACHABLE : REFUSED;
  return (agent, now) => (now < situation.downMs ? { answer: away, at: now } : door(agent, now));
};

export const simulate = (situation: Situation, maker: PolicyMaker, hints: Hints, seed: number): Tally => {
  const { agents, downMs } = situation;
  const random = createRandom(seed);
  const ways = Float64Array.from({ length: agents }, () => WAY[0] + random() * (WAY[1] - WAY[0]));
  const way = (agent: number): number => ways[agent] as number;
  const policy = maker(agents, hints.window ? windowOf(situation) : 0, random);
  const knock = wayIn(situation, createDoor({ ...situation, slots: hints.slots }));
  const agenda = createAgenda(agents);
  const tally = createTally(situation);

  /** @param known when the agent learns of the ending. */
  const retry = (agent: number, ending: Ending, known: number, wasOnline: boolean): void => {
    agenda.add(agent, known + policy.delay(agent, ending, wasOnline) + way(agent));
  };
  for (let agent = 0; agent < agents; agent += 1)
    retry(agent, firstEnding(situation, hints, agent), way(agent), true);

  const end = downMs + Math.max(PATIENCE_MS, PATIENCE * floorOf(situation));
  for (let agent = agenda.next(); agent >= 0 && agenda.at(agent) < end; agent = agenda.next()) {
    const now = agenda.at(agent);
    tally.tried(now);
    const { answer, at } = knock(agent, now);
    const givesUp = now - way(agent) + TIMING.connect;
    if (at + way(agent) > givesUp) retry(agent, SILENCE, givesUp, false);
    else if (answer.kind === 'session') tally.back(at);
    else retry(agent, answer, at + way(agent), false);
  }
  return tally;
};
