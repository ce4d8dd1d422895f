/** What the tests of the way to the relay share. */
import type { Duplex } from 'node:stream';
import type { Route } from '@guruconnect/worker/network/route';
import type { Test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';
import { tlsFront } from '../../helpers/tls-front.ts';
import { FACTS, SOON } from '../../relay/agent.ts';
import { start, store } from '../agents.ts';

interface Linked {
  readonly link: string;
}

export const isOnline = ({ link }: Linked): boolean => link === 'online';
export const isWaiting = ({ link }: Linked): boolean => link === 'waiting';

/** Looks until it holds, for as long as anything may take; whether it does is the test's to ask. */
export const until = async (holds: () => boolean): Promise<void> => {
  const end = performance.now() + SOON;
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** The socket at the end of a way, as Node's request would get it. */
export const establishBy = ({ options }: Route): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    options.createConnection({}, (error, socket) => {
      if (error === null) resolve(socket);
      else reject(error);
    });
  });

/** A relay behind TLS, with this certificate. */
export const secured = async (t: Test, name: Parameters<typeof tlsFront>[2] = 'loopback') => {
  const relay = await start(t);
  return { relay, front: await tlsFront(t, relay, name) };
};

/** The data folder of an agent with a credential for that relay: its first try is a session. */
export const withCredential = async (t: Test, { relay, front }: Awaited<ReturnType<typeof secured>>) => {
  const dataDir = tempDir(t);
  const { credential } = await store(dataDir, front.url, relay.registry.enrol(FACTS.machineId));
  return { dataDir, credential };
};
