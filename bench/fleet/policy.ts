/** Who decides when an agent tries again: the product's own code, and what others do instead. */
import { lossOfClose, lossOfError, lossOfStatus } from '@guruconnect/worker/loss';
import {
  FRESH,
  type Plan,
  type Retry,
  drawDelay,
  planAfterLoss,
  planAfterRefusal,
} from '@guruconnect/worker/reconnect';
import type { Random } from './random.ts';

/** How a session, or a try, ended, as the agent sees it. */
export type Ending =
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'error'; readonly code: string };

export interface Policy {
  /** @param wasOnline whether it was a session that ended. @returns milliseconds until the next try. */
  delay(agent: number, ending: Ending, wasOnline: boolean): number;
}

/** @param windowMs what the relay's welcome announced to each of them; 0 for nothing. */
export type PolicyMaker = (agents: number, windowMs: number, random: Random) => Policy;

const plan = (ending: Ending, before: Retry, wasOnline: boolean): Plan => {
  switch (ending.kind) {
    case 'close':
      return planAfterLoss(lossOfClose(ending.code, ending.reason), before, wasOnline);
    case 'error':
      return planAfterLoss(lossOfError(ending), before, wasOnline);
    case 'status':
      if (ending.status === 401 || ending.status === 403) return planAfterRefusal(before);
      return planAfterLoss(lossOfStatus(ending.status, ending.retryAfter, undefined, 0), before, wasOnline);
  }
};

/** The agent as it ships. */
export const product: PolicyMaker = (agents, windowMs, random) => {
  const online: Retry = { ...FRESH, windowMs };
  const memories = Array<Retry>(agents).fill(online);
  return {
    delay: (agent, ending, wasOnline) => {
      const { retry, wait } = plan(ending, memories[agent] ?? online, wasOnline);
      memories[agent] = retry;
      return drawDelay(wait, random());
    },
  };
};

/** Always the same, `jitter` (0 to 1) more or less. */
export const fixed =
  (ms: number, jitter = 0): PolicyMaker =>
  (_agents, _windowMs, random) => ({
    delay: () => ms * (1 + jitter * (2 * random() - 1)),
  });

/** Doubling, and the same for everybody. */
export const doubling =
  (firstMs: number, capMs: number): PolicyMaker =>
  (agents) => {
    const tries = new Uint16Array(agents);
    return {
      delay: (agent) => {
        const n = tries[agent] ?? 0;
        tries[agent] = n + 1;
        return Math.min(capMs, firstMs * 2 ** Math.min(n, 30));
      },
    };
  };
