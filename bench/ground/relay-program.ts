// The embedded relay in a process of its own, ruled over Node's channel; `node --expose-gc relay-program.js SESSIONS_PER_SECOND`.
import { randomUUID } from 'node:crypto';
import { startRelay } from '@guruconnect/relay';
import type { RelayCommand, RelayNews } from './relay.ts';
import { collectedHeapBytes } from './collected.ts';

const [, , perSecond = '2000'] = process.argv;
const tell = (news: RelayNews): void => void process.send?.(news);

let online = 0;
let awaited = Infinity;
const relay = await startRelay({
  port: 0,
  enrollTokens: ['bench'],
  sessionsPerSecond: Number(perSecond),
  onEvent: ({ kind }) => {
    if (kind === 'session-online') online += 1;
    if (kind === 'session-closed') online -= 1;
    if (online < awaited) return;
    awaited = Infinity;
    tell({ kind: 'online', at: Date.now() });
  },
});

/** Of one session, so many requests under way at any moment. @returns milliseconds */
const askAll = async (count: number, atOnce: number): Promise<number> => {
  const session = relay.sessions()[0]?.sessionId ?? '';
  let asked = 0;
  const from = performance.now();
  const askOn = async (): Promise<void> => {
    while (asked < count) {
      asked += 1;
      await relay.requestStatus(session, 10_000);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, askOn));
  return performance.now() - from;
};

const obey = async (command: RelayCommand): Promise<void> => {
  switch (command.kind) {
    case 'enrol': {
      const credentials = Array.from(
        { length: command.count },
        () => relay.registry.enrol(randomUUID()).credential,
      );
      tell({ kind: 'enrolled', credentials });
      return;
    }
    case 'await':
      awaited = command.count;
      if (online < awaited) return;
      awaited = Infinity;
      tell({ kind: 'online', at: Date.now() });
      return;
    case 'collect':
      tell({ kind: 'collected', heapBytes: collectedHeapBytes() });
      return;
    case 'ask':
      tell({ kind: 'asked', ms: await askAll(command.count, command.atOnce) });
      return;
    case 'pace':
      throw new Error('a bare relay can');
  }
};

process.on('message', (command: RelayCommand) => {
  void obey(command);
});
process.on('SIGTERM', () => process.exit());
process.on('disconnect', () => process.exit());
tell({ kind: 'listening', url: relay.url });
