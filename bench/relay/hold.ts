/** One relay in its own process, and a swarm at it: what it takes until all are online, and what they cost then. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { anonymousBytes, cpuMs } from '../ground/proc.ts';
import { launch } from '../ground/program.ts';
import { type RelayProcess, startBare, startOurs } from '../ground/relay.ts';
import { BENCH } from '../places.ts';
import type { Attack, Begun } from './swarm.ts';

export type RelayKind = 'ours' | 'bare';

export interface Holding {
  /** Until the last was online. */
  readonly onlineMs: number;
  /** Anonymous memory that it has more than when it began, garbage collected before both. */
  readonly bytes: number;
  /** The same of JavaScript's heap alone. */
  readonly heapBytes: number;
  /** Milliseconds on a processor until all were online. */
  readonly connectCpuMs: number;
  /** Milliseconds on a processor in a minute, all connected; NaN where it was not looked at. */
  readonly idleCpuMs: number;
}

const AT_ONCE = 128;
const LIMIT_MS = 120_000;
const SOON = 30_000;
const MINUTE = 60_000;

const START: Readonly<Record<RelayKind, (node: string) => Promise<RelayProcess>>> = {
  ours: startOurs,
  bare: startBare,
};

const idleCpu = async (pid: number, ms: number): Promise<number> => {
  if (ms === 0) return NaN;
  const [from, before] = [performance.now(), cpuMs(pid)];
  await pause(ms);
  return ((cpuMs(pid) - before) * MINUTE) / (performance.now() - from);
};

/** @param idleMs for how long to look at what idle agents cost; 0 for not at all */
export const holdAgents = async (
  node: string,
  kind: RelayKind,
  count: number,
  idleMs: number,
): Promise<Holding> => {
  const relay = await START[kind](node);
  const swarm = await launch({
    file: node,
    args: [join(BENCH, 'dist', 'relay', 'swarm-program.js')],
    talks: true,
  });
  try {
    const heap = await relay.collect();
    const memory = anonymousBytes(relay.pid);
    const credentials = await relay.enrol(count);
    const cpu = cpuMs(relay.pid);
    const all = relay.online(count, LIMIT_MS);
    swarm.send({ kind: 'connect', url: relay.url, credentials, atOnce: AT_ONCE } as Attack);
    const { at } = await swarm.next<Begun>('begun', SOON);
    const onlineMs = (await all) - at;
    const connectCpuMs = cpuMs(relay.pid) - cpu;
    const heapBytes = (await relay.collect()) - heap;
    const bytes = anonymousBytes(relay.pid) - memory;
    return { onlineMs, bytes, heapBytes, connectCpuMs, idleCpuMs: await idleCpu(relay.pid, idleMs) };
  } finally {
    await Promise.all([swarm.end(), relay.end()]);
  }
};
