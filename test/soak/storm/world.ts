/** What a storm is over: a relay behind a cable, and two agents at it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TIMING } from '@guruconnect/shared/timing';
import { GURUCONNECT, fixture } from '../../helpers/program.ts';
import { type StormAgent, createAgent } from './agent.ts';
import { type Cable, openCable } from './cable.ts';
import { tellingHeap } from './heap.ts';
import { type Station, openStation } from './station.ts';

export interface Member {
  readonly agent: StormAgent;
  /** The relay's name for it. */
  readonly id: string;
  /** Its data folder. */
  readonly data: string;
}

export interface World {
  readonly station: Station;
  readonly cable: Cable;
  /** Ends by each crash and each stop, and is started again. */
  readonly mortal: Member;
  /** Is meant to be the same two processes from the first step to the last. */
  readonly lasting: Member;
  /** The agents' temporary folder. */
  readonly temp: string;
  close(): Promise<void>;
}

export interface Ground {
  readonly scratch: string;
  readonly token: string;
  /** Further arguments of Node's own for the lasting agent's supervisor: a planted leak. */
  readonly nodeArgs: readonly string[];
}

/** Both at once, as they are judged. */
export const members = ({ mortal, lasting }: World): readonly Member[] => [mortal, lasting];

/** A first start enrols as well. */
const FIRST_MS = TIMING.workerHello + TIMING.enroll + TIMING.connect;

/** Stops whoever is still there, and waits for it no longer than for a stop. */
const end = async (agent: StormAgent): Promise<void> => {
  agent.signal('supervisor', 'SIGTERM');
  const limit = setTimeout(() => {
    agent.signal('supervisor', 'SIGKILL');
  }, TIMING.stopBudget);
  await agent.ended();
  clearTimeout(limit);
};

/** As people start it. */
const productProgram = (data: string): readonly string[] => [
  GURUCONNECT,
  ...['console', '--data', data, '--stop-with-parent'],
];

/** The same, and both of its processes tell their heaps. */
const lastingProgram = (data: string, nodeArgs: readonly string[]): readonly string[] => {
  const telling = tellingHeap(data);
  return [...nodeArgs, ...telling, fixture('lasting-agent'), data, ...telling];
};

/** @throws Error where an agent does not come online at all. */
export const openWorld = async ({ scratch, token, nodeArgs }: Ground): Promise<World> => {
  const station = await openStation(token);
  const cable = await openCable(station.port);
  const temp = join(scratch, 'temp');
  mkdirSync(temp);
  const started: StormAgent[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map(end));
    await cable.close();
    await station.down({});
  };
  const settle = async (name: string, programFor: (data: string) => readonly string[]): Promise<Member> => {
    const data = join(scratch, name);
    const agent = createAgent({
      name,
      token,
      temp,
      program: programFor(data),
      relay: `ws://127.0.0.1:${cable.port}`,
    });
    started.push(agent);
    const from = performance.now();
    agent.start();
    const first = await station.online(() => true, from, FIRST_MS);
    if (first === undefined) throw new Error(`${name} did not come online:\n${agent.words().join('\n')}`);
    // The relay is the first to know.
    await agent.reached('online', from, FIRST_MS);
    return { agent, id: first.agentId, data };
  };
  try {
    const mortal = await settle('mortal', productProgram);
    const lasting = await settle('lasting', (data) => lastingProgram(data, nodeArgs));
    return { station, cable, mortal, lasting, temp, close };
  } catch (error) {
    await close();
    throw error;
  }
};
