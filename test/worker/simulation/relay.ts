/** A relay on a virtual clock that does something wrong at every turn, until it is healed. In the place of a transport. */
import { MAX_BUFFERED_BYTES } from '@guruconnect/shared/relay-protocol';
import type { Transport } from '@guruconnect/worker/transport';
import type { Socket, SocketEnd, SocketEvents } from '@guruconnect/worker/web-socket';
import type { FakeClock } from '../../helpers/fake-clock.ts';
import { createEnrolment } from './enrolment.ts';
import { DOORS, type Door, FATES, type Fate } from './faults.ts';
import type { Random } from './random.ts';

const HEARTBEAT_MS = 15_000;
const WINDOW_MS = 20_000;

export interface SimulatedRelay {
  readonly transport: Transport;
  /** From now on everything is as it should be. */
  heal(): void;
  /** No packet arrives any more on what is open, and nobody says so. */
  cut(): void;
  /** Sessions that are welcome and still heard. */
  online(): number;
  readonly seen: {
    /** Sockets that are open or being opened, at the most at any moment. */
    most: number;
    open: number;
    tries: number[];
    /** How long each half-open session went unnoticed. */
    unnoticed: number[];
    slots: { readonly until: number; kept: boolean }[];
    kinds: Set<string>;
    /** Bytes that the agent kept for a relay that does not read, at the most. */
    kept: number;
  };
}

const error = (code: string): SocketEnd => ({
  kind: 'failed',
  error: Object.assign(new Error(code), { code }),
});

export const createSimulatedRelay = (clock: FakeClock, random: Random): SimulatedRelay => {
  let healthy = false;
  let sessions = 0;
  const seen: SimulatedRelay['seen'] = {
    most: 0,
    open: 0,
    tries: [],
    unnoticed: [],
    slots: [],
    kinds: new Set(),
    kept: 0,
  };
  const live = new Set<{ cut: () => void }>();
  const giveSlot = (seconds: number): string => {
    seen.slots.push({ until: clock.now() + seconds * 1000, kept: true });
    return String(seconds);
  };

  const dial = (_credential: string, on: SocketEvents): Socket => {
    const door = healthy ? 'good' : random.pick(DOORS);
    const fate = healthy ? 'stays' : random.pick(FATES);
    seen.kinds.add(door);
    seen.tries.push(clock.now());
    for (const slot of seen.slots) if (clock.now() < slot.until) slot.kept = false;
    seen.open += 1;
    seen.most = Math.max(seen.most, seen.open);
    let state: 'connecting' | 'open' | 'closing' | 'ended' = 'connecting';
    let heard = true;
    let mute: number | undefined;
    let reads = true;
    let waiting = 0;
    let welcomed = false;
    const later = (ms: number, what: () => void): void => {
      clock.after(ms, () => {
        if (state !== 'ended' && mute === undefined) what();
      });
    };
    const end = (how: SocketEnd): void => {
      if (state === 'ended') return;
      state = 'ended';
      live.delete(self);
      seen.open -= 1;
      if (mute !== undefined) seen.unnoticed.push(clock.now() - mute);
      if (welcomed) sessions -= 1;
      on.end(how);
    };
    const self = {
      cut: () => {
        if (state === 'open') mute ??= clock.now();
      },
    };
    const say = (message: object): void => {
      later(random.between(1, 80), () => {
        on.text(JSON.stringify(message));
      });
    };
    const meet = (): void => {
      if (fate === 'stays') return;
      later(random.between(0, 90_000), () => {
        if (healthy) return;
        seen.kinds.add(fate);
        perform[fate]();
      });
    };
    const perform: Record<Exclude<Fate, 'stays'>, () => void> = {
      restart: () => {
        end({ kind: 'closed', code: 1012, reason: 'relay restart' });
      },
      'restart-with-slot': () => {
        const slot = giveSlot(random.between(1, 120));
        end({ kind: 'closed', code: 1012, reason: `relay restart; retry-after=${slot}` });
      },
      reset: () => {
        end(error('ECONNRESET'));
      },
      'half-open': self.cut,
      flood: () => {
        for (let n = 0; n < 500; n += 1) on.text('{"kind":"status-request","id":1}');
      },
      deaf: () => {
        reads = false;
        // It has not read for long.
        waiting = MAX_BUFFERED_BYTES - 10_000;
        for (let n = 0; n < 500 && state === 'open'; n += 1) on.text('{"kind":"status-request","id":1}');
      },
      garbage: () => {
        on.text('\u0000garbage');
      },
      oversized: () => {
        end(error('WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'));
      },
      superseded: () => {
        end({ kind: 'closed', code: 4001, reason: 'superseded' });
      },
      'unknown-kinds': () => {
        for (let n = 0; n < 50; n += 1) on.text(`{"kind":"news-${n}"}`);
      },
    };
    const open = (): void => {
      state = 'open';
      live.add(self);
      on.open();
    };
    const take = (frame: string): void => {
      const message = JSON.parse(frame) as { kind: string; seq?: number };
      if (message.kind === 'hello' && door !== 'no-welcome') {
        welcomed = true;
        sessions += 1;
        say({ kind: 'welcome', sessionId: 's', heartbeatMs: HEARTBEAT_MS, reconnectWindowMs: WINDOW_MS });
        meet();
      }
      if (message.kind === 'heartbeat' && heard) say({ kind: 'heartbeat-ack', seq: message.seq });
    };
    const answers: Record<Door, () => void> = {
      refused: () => {
        end(error('ECONNREFUSED'));
      },
      unreachable: () => {
        end(error('ENETUNREACH'));
      },
      silent: () => undefined,
      'dies-in-handshake': () => {
        end({ kind: 'closed', code: 1006, reason: '' });
      },
      '401': () => {
        end({ kind: 'refused', status: 401, retryAfter: undefined, date: undefined });
      },
      '403': () => {
        end({ kind: 'refused', status: 403, retryAfter: undefined, date: undefined });
      },
      '429': () => {
        end({ kind: 'refused', status: 429, retryAfter: giveSlot(random.between(0, 90)), date: undefined });
      },
      '503': () => {
        end({ kind: 'refused', status: 503, retryAfter: undefined, date: undefined });
      },
      '404': () => {
        end({ kind: 'refused', status: 404, retryAfter: undefined, date: undefined });
      },
      'no-welcome': open,
      good: open,
    };
    later(random.between(0, 200), answers[door]);
    return {
      isOpen: () => state === 'open',
      buffered: () => waiting,
      traffic: () => ({ received: 0, sent: 0 }),
      pong: () => undefined,
      send: (frame) => {
        if (!reads) {
          waiting += frame.length;
          seen.kept = Math.max(seen.kept, waiting);
          heard = waiting <= MAX_BUFFERED_BYTES;
        } else
          later(random.between(1, 80), () => {
            take(frame);
          });
      },
      close: (code, reason) => {
        if (state !== 'open') return;
        state = 'closing';
        later(random.between(1, 200), () => {
          end({ kind: 'closed', code, reason });
        });
      },
      terminate: () => {
        // A library tells of it later, never from within the call.
        clock.after(0, () => {
          end({ kind: 'closed', code: 1006, reason: '' });
        });
      },
    };
  };

  const enroll = createEnrolment(clock, random, () => healthy);

  return {
    transport: { dial, enroll, awaited: () => 'the relay' },
    heal: () => {
      healthy = true;
    },
    cut: () => {
      for (const session of live) session.cut();
    },
    online: () => sessions,
    seen,
  };
};
