/** What the tests of the way to the relay share. */
import type { Test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { tlsFront } from '../helpers/tls-front.ts';
import { FACTS } from '../relay/agent.ts';
import { start, store } from './agents.ts';

interface Linked {
  readonly link: string;
}

export const isOnline = ({ link }: Linked): boolean => link === 'online';
export const isWaiting = ({ link }: Linked): boolean => link === 'waiting';

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
