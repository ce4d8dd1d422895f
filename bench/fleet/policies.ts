/** The policies that are compared. */
import { type PolicyMaker, doubling, fixed, product } from './policy.ts';
import type { Hints } from './simulate.ts';

export interface Contender {
  readonly name: string;
  readonly maker: PolicyMaker;
  readonly hints: Hints;
}

const NONE: Hints = { window: false, slots: false };

export const CONTENDERS = {
  fixed: { name: 'fixed 5 s', maker: fixed(5000), hints: NONE },
  jittered: { name: 'fixed 5 s +-20 %', maker: fixed(5000, 0.2), hints: NONE },
  doubling: { name: 'exponential 1..60 s, no jitter', maker: doubling(1000, 60_000), hints: NONE },
  alone: { name: 'product, no hints', maker: product, hints: NONE },
  window: { name: 'product, window', maker: product, hints: { window: true, slots: false } },
  slots: { name: 'product, slots', maker: product, hints: { window: false, slots: true } },
  both: { name: 'product, window and slots', maker: product, hints: { window: true, slots: true } },
} as const satisfies Record<string, Contender>;

export type ContenderKey = keyof typeof CONTENDERS;
export const CONTENDER_KEYS = Object.keys(CONTENDERS) as readonly ContenderKey[];
