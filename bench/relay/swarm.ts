/** What a bench and its swarm say to each other. */
export interface Attack {
  readonly kind: 'connect';
  readonly url: string;
  /** One for each agent. */
  readonly credentials: readonly string[];
  /** How many may be on their way at a time. */
  readonly atOnce: number;
}

/** The first of them is on its way. */
export interface Begun {
  readonly kind: 'begun';
  /** Milliseconds since the epoch. */
  readonly at: number;
}
