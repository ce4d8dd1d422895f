/** One life of an agent on a virtual clock: its relay, its machine, and what happens to both. */
import { silentLog } from '@guruconnect/shared/log';
import type { Beat } from '@guruconnect/shared/pipe-protocol';
import { runAgent } from '@guruconnect/worker/agent';
import type { AgentPorts, Identity } from '@guruconnect/worker/agent-ports';
import type { Config } from '@guruconnect/shared/config';
import { createNews } from '@guruconnect/worker/news';
import type { WakeReason } from '@guruconnect/worker/wake';
import { type FakeClock, createFakeClock } from '../../helpers/fake-clock.ts';
import { createRandom } from './random.ts';
import { createSimulatedRelay } from './relay.ts';

const STORED = {
  relay: 'wss://relay.example',
  machineId: '1f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10',
  agentId: 'a',
  credential: `cak_${'c'.repeat(43)}`,
  enrolledAt: '2026-01-02T03:04:05.678Z',
  fingerprint: {},
} as const;

/** Longer than any chain of promises in the agent. */
const TURNS = 20;

/** Lets everything that was promised happen. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
};

/** The clock, and how many timers somebody has on it. */
const watched = (clock: FakeClock) => {
  const timers = new Set<object>();
  return {
    now: clock.now,
    after: (ms: number, callback: () => void) => {
      const timer = clock.after(ms, () => {
        timers.delete(timer);
        callback();
      });
      timers.add(timer);
      return {
        cancel: () => {
          timers.delete(timer);
          timer.cancel();
        },
      };
    },
    timers: () => timers.size,
  };
};

/** The product's own, and how many listen. */
const counted = <T>() => {
  const { tell, subscribe } = createNews<T>();
  let listeners = 0;
  return {
    tell,
    subscribe: (listener: (news: T) => void) => {
      listeners += 1;
      const end = subscribe(listener);
      return () => {
        listeners -= 1;
        end();
      };
    },
    listeners: () => listeners,
  };
};

export const createWorld = (seed: number) => {
  const random = createRandom(seed);
  const clock = createFakeClock();
  const agentClock = watched(clock);
  const relay = createSimulatedRelay(clock, random);
  const wakes = counted<WakeReason>();
  const changes = counted<Config>();
  const stop = new AbortController();
  const beats: Beat[] = [];
  const hasToken = random.chance(0.5);
  let config: Config = {
    relay: STORED.relay,
    logLevel: 'info',
    proxyFallback: 'none',
    workerAccount: 'own',
    ...(hasToken && { enrollToken: 'a-token' }),
  };
  const identity: Identity = {
    stored: !hasToken || random.chance(0.5) ? STORED : undefined,
    machineId: STORED.machineId,
    formerMachineId: undefined,
    enrollReason: 'first',
    clone: false,
    fallback: undefined,
    product: {},
    credentialOf: () => STORED,
    write: () => Promise.resolve(),
  };
  const ports: AgentPorts = {
    config,
    changes: changes.subscribe,
    wakes: wakes.subscribe,
    resolve: () => Promise.resolve({ ...identity }),
    signal: stop.signal,
    clock: agentClock,
    wallNow: () => 1_700_000_000_000 + clock.now(),
    random: random.next,
    log: silentLog(),
    createTransport: () => relay.transport,
    afterBoot: random.chance(0.2),
    machine: {},
    lastWords: { read: () => undefined, forget: () => undefined },
    onBeat: (beat) => beats.push(beat),
  };
  const link = (): Beat['link'] | undefined => beats.at(-1)?.link;
  let outcome: 'running' | 'ended' | Error = 'running';
  void runAgent(ports).then(
    () => {
      outcome = 'ended';
    },
    (error: unknown) => {
      outcome = error as Error;
    },
  );

  /** Moves on by `ms`, letting promises happen at every moment at which something does. */
  const live = async (ms: number): Promise<void> => {
    const end = clock.now() + ms;
    await settle();
    for (
      let next = clock.pending()[0];
      next !== undefined && clock.now() + next <= end;
      next = clock.pending()[0]
    ) {
      clock.advance(next);
      await settle();
    }
    clock.advance(end - clock.now());
  };

  /** Lives until the link is online. @returns whether it was within `ms`. */
  const liveUntilOnline = async (ms: number): Promise<boolean> => {
    const end = clock.now() + ms;
    while (clock.now() < end && link() !== 'online') await live(Math.min(end - clock.now(), 1000));
    return link() === 'online';
  };

  /** Things that happen to a machine. */
  const happen = async (): Promise<string> => {
    const what = random.pick(['nothing', 'sleep', 'addresses', 'clock', 'token', 'packets'] as const);
    if (what === 'sleep') {
      // All that was open is dead, and nobody has been told.
      relay.cut();
      clock.advance(random.between(60_000, 7_200_000));
      wakes.tell('resumed');
    }
    if (what === 'addresses') {
      if (random.chance(0.5)) relay.cut();
      wakes.tell('addresses');
    }
    if (what === 'clock') wakes.tell('clock-set');
    if (what === 'packets') relay.cut();
    if (what === 'token') {
      config = { ...config, enrollToken: `token-${random.between(1, 9)}` };
      changes.tell(config);
    }
    await settle();
    return what;
  };

  return {
    relay,
    random,
    clock,
    beats,
    live,
    happen,
    outcome: () => outcome,
    link,
    liveUntilOnline,
    timers: agentClock.timers,
    stop: () => {
      stop.abort('stop');
    },
    listeners: () => wakes.listeners() + changes.listeners(),
  };
};
