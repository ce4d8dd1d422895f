/** What happens to a fleet. Durations in milliseconds, from the moment at which the sessions end. */
export interface Situation {
  readonly name: string;
  /** Agents that lose their session; those who do not are not simulated. */
  readonly agents: number;
  /** All agents that the relay has: what it announces as window is this over `perSecond`. */
  readonly fleet: number;
  /** Sessions that the relay can open in a second. */
  readonly perSecond: number;
  /** After so long a try can succeed again. */
  readonly downMs: number;
  /** How much work the relay lets wait. */
  readonly backlogMs: number;
  readonly loss: LossKind;
  /** How long after it has said that it would be back the relay is: `restart` only. */
  readonly lateMs: number;
}

/**
 * `crash`: the relay goes without a word. `restart`: it closes each session with a slot, where it gives slots.
 * `network`: the agents' own network goes, and says so. `silent`: it goes, and looks like the relay's end.
 */
export type LossKind = 'crash' | 'restart' | 'network' | 'silent';

/** @param scale 1 for 100,000 agents: agents and rate shrink together, so that the seconds stay the same. */
export const situations = (scale: number) => {
  const base: Situation = {
    name: 'crash of 10 s',
    agents: 100_000 * scale,
    fleet: 100_000 * scale,
    perSecond: 2000 * scale,
    downMs: 10_000,
    backlogMs: 2000,
    loss: 'crash',
    lateMs: 0,
  };
  const few = { ...base, agents: 1000 * scale, downMs: 3000 } as const;
  return {
    crash: base,
    longCrash: { ...base, name: 'crash of 120 s', downMs: 120_000 },
    slow: { ...base, name: 'crash of 10 s, N/C = 200 s', perSecond: 500 * scale },
    fast: { ...base, name: 'crash of 10 s, N/C = 20 s', perSecond: 5000 * scale },
    fastLong: { ...base, name: 'crash of 120 s, N/C = 20 s', perSecond: 5000 * scale, downMs: 120_000 },
    unbounded: { ...base, name: 'crash of 10 s, accept queue without a bound', backlogMs: Infinity },
    restart: { ...base, name: 'planned restart, 10 s', loss: 'restart' },
    lateRestart: {
      ...base,
      name: 'planned restart, 10 s announced, 15 s taken',
      loss: 'restart',
      downMs: 15_000,
      lateMs: 5000,
    },
    network: { ...few, name: 'own network of 1 % gone for 3 s', loss: 'network' },
    silent: { ...few, name: 'own network of 1 % gone for 3 s, unnoticed but by a reset', loss: 'silent' },
  } as const satisfies Record<string, Situation>;
};

export type SituationKey = keyof ReturnType<typeof situations>;

/** Milliseconds until 99 % could be back at the best. */
export const floorOf = ({ agents, perSecond }: Situation): number => (0.99 * agents * 1000) / perSecond;

/** What the relay's welcome says, as the relay computes it. */
export const windowOf = ({ fleet, perSecond }: Situation): number => Math.round((fleet * 1000) / perSecond);
