/** A real agent whose store is the supervisor's: its worker is given another folder, in which nothing of it may appear. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Relay, type RelayEvent, ofKind } from '@guruconnect/relay';
import type { Test } from 'tap';
import { readCredential } from '../store/stored.ts';
import { type Program, fixture, startProgram } from './program.ts';
import { tempDir } from './temp-dir.ts';

const SOON = 20_000;

export interface BrokeredHome {
  /** The worker's folder, as it is told. */
  readonly data: string;
  /** The supervisor's. */
  readonly store: string;
  configure(content: Readonly<Record<string, unknown>>): void;
  credential(): ReturnType<typeof readCredential>;
  /** All that was logged, by either. */
  logs(): string;
  start(script?: string): Program;
  /** Starts, and waits for the relay's word that it is online. */
  online(
    relay: Relay,
    script?: string,
  ): Promise<{
    readonly agent: Program;
    readonly worker: number;
    readonly online: Extract<RelayEvent, { kind: 'session-online' }>;
  }>;
}

const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

export const brokeredHome = (t: Test, content: Readonly<Record<string, unknown>>): BrokeredHome => {
  const home = tempDir(t);
  const [data, store, config] = [join(home, 'data'), join(home, 'store'), join(home, 'agent.json')] as const;
  mkdirSync(store);
  const configure: BrokeredHome['configure'] = (next) => {
    writeFileSync(config, JSON.stringify(next));
  };
  configure(content);
  const start: BrokeredHome['start'] = (script) => {
    const args = [data, store, config, ...(script === undefined ? [] : [script])];
    const agent = startProgram(fixture('supervisor-brokered'), args);
    t.teardown(() => {
      agent.kill('SIGKILL');
    });
    return agent;
  };
  return {
    data,
    store,
    configure,
    credential: () => readCredential(store),
    logs: () =>
      [
        join(data, 'logs', 'supervisor.log'),
        join(data, 'logs', 'worker', 'worker.log'),
        join(store, 'logs', 'broker.log'),
      ]
        .map(textOf)
        .join(''),
    start,
    online: async (relay, script) => {
      const seen = relay.events.length;
      const agent = start(script);
      const online = await relay.waitFor(ofKind('session-online'), SOON, seen);
      const [, pid = ''] = await agent.seen(/worker: pid (\d+)/);
      return { agent, online, worker: Number(pid) };
    },
  };
};
