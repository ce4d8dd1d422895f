/** The same question on every pipe: the largest that a worker asks, and the shortest answer. */
export const QUESTION = {
  kind: 'credential',
  stored: {
    relay: 'wss://relay.example.com',
    machineId: '1f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10',
    agentId: '78a46793-656e-4860-918f-9a3ba5cc8ce9',
    credential: `cak_${'x'.repeat(43)}`,
    enrolledAt: '2026-01-02T03:04:05.678Z',
  },
} as const;

export interface Run {
  readonly kind: 'run';
  readonly count: number;
}

export interface Ran {
  readonly kind: 'ran';
  /** Microseconds of each. */
  readonly us: readonly number[];
}

/** One after the other, as soon as the bench says so. @param ask resolves with the answer */
export const askOnCommand = (ask: () => Promise<unknown>): void => {
  process.on('message', ({ count }: Run) => {
    void (async () => {
      const us: number[] = [];
      for (let i = 0; i < count; i += 1) {
        const from = process.hrtime.bigint();
        await ask();
        us.push(Number(process.hrtime.bigint() - from) / 1000);
      }
      process.send?.({ kind: 'ran', us } satisfies Ran);
    })();
  });
  process.on('disconnect', () => process.exit());
};
