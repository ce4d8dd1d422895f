/** One client at one relay, for benches of what a session costs. */
import { join } from 'node:path';
import { BENCH } from '../places.ts';
import { type Program, launch } from './program.ts';
import type { RelayProcess } from './relay.ts';

export interface Session {
  readonly relay: RelayProcess;
  readonly client: Program;
  end(): Promise<void>;
}

const SOON = 30_000;

export type Connect = (url: string) => Promise<Program>;

/** The product's worker on its own: a supervisor has no part in a session. @param folder of its data */
export const agentOf =
  (node: string, command: string, folder: string): Connect =>
  (url) =>
    launch({
      file: node,
      args: [command, 'worker', '--relay', url, '--enroll-token', 'bench', '--data', folder],
    });

/** A bare `ws` client that answers everything. */
export const echoOf =
  (node: string): Connect =>
  (url) =>
    launch({ file: node, args: [join(BENCH, 'dist', 'messages', 'echo-client.js'), url] });

/** Online. */
export const openSession = async (relay: Promise<RelayProcess>, connect: Connect): Promise<Session> => {
  const up = await relay;
  const client = await connect(up.url);
  await up.online(1, SOON);
  return {
    relay: up,
    client,
    end: async () => {
      await Promise.all([client.end(), up.end()]);
    },
  };
};
