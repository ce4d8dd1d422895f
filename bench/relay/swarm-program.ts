// Thousands of agents in one process, as cheap as can be: each says hello, and beats.
import { randomUUID } from 'node:crypto';
import { type Socket, connect } from 'node:net';
import { machineFacts, systemMachine } from '@guruconnect/worker/machine-facts';
import { textFrame, upgradeRequest } from './client-frames.ts';
import type { Attack, Begun } from './swarm.ts';

const HEARTBEAT_MS = 15_000;
const TICK_MS = 50;
const SWITCHED = 'HTTP/1.1 101';

const online: Socket[] = [];
const machine = systemMachine();

/** Resolves once the relay has said welcome: after the headers that is the first thing to come. */
const join = (host: string, port: number, credential: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    let seen = '';
    socket.setEncoding('latin1');
    socket.on('connect', () => {
      socket.write(upgradeRequest(`${host}:${port}`, credential));
    });
    const take = (text: string): void => {
      const had = seen.length;
      seen += text;
      const end = seen.indexOf('\r\n\r\n');
      if (end === -1) return;
      if (!seen.startsWith(SWITCHED)) reject(new Error(seen.slice(0, 40)));
      if (had <= end) socket.write(textFrame({ kind: 'hello', ...machineFacts(randomUUID(), machine) }));
      if (seen.length === end + 4) return;
      socket.off('data', take).resume();
      online.push(socket);
      resolve();
    };
    socket.on('data', take);
    socket.on('error', reject);
  });

const attack = async ({ url, credentials, atOnce }: Attack): Promise<void> => {
  const { hostname, port } = new URL(url);
  const left = credentials.values();
  process.send?.({ kind: 'begun', at: Date.now() } satisfies Begun);
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const credential of left) await join(hostname, Number(port), credential);
    }),
  );
  beatOn();
};

/** Each in its turn, so that the relay has about as much to do at any moment. */
const beatOn = (): void => {
  let [due, next, seq] = [0, 0, 0];
  setInterval(() => {
    due += (online.length * TICK_MS) / HEARTBEAT_MS;
    for (; due >= 1; due -= 1) {
      seq += 1;
      online[next]?.write(textFrame({ kind: 'heartbeat', seq }));
      next = (next + 1) % online.length;
    }
  }, TICK_MS);
};

process.on('message', (message: Attack) => {
  attack(message).catch((error: unknown) => {
    process.stderr.write(`swarm: ${String(error)}\n`);
    process.exit(1);
  });
});
process.on('SIGTERM', () => process.exit());
process.on('disconnect', () => process.exit());
