/** What a session's messages cost its agent, from few to many. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledProduct } from '../ground/product.ts';
import { cpuMs } from '../ground/proc.ts';
import { startBare } from '../ground/relay.ts';
import { type Session, agentOf, echoOf, openSession } from '../ground/session.ts';
import type { Points } from './exponent.ts';
import type { Growth } from './growth.ts';

const FULL = { rates: [10, 30, 100, 300, 1000, 3000, 10_000], ms: 4000 };
const QUICK = { rates: [10, 100, 1000], ms: 500 };
const WARM = 20_000;
const AT_ONCE = 32;

/** Milliseconds on a processor in a second. */
const costAt = async ({ relay, client }: Session, perSecond: number, ms: number): Promise<number> => {
  const [from, before] = [performance.now(), cpuMs(client.pid)];
  const answers = await relay.pace(perSecond, ms);
  if (answers < (0.95 * perSecond * ms) / 1000 - 1) throw new Error(`${answers} answers at ${perSecond}/s`);
  return ((cpuMs(client.pid) - before) * 1000) / (performance.now() - from);
};

export const growMessages = async (node: string, quick: boolean): Promise<readonly Growth[]> => {
  const { rates, ms } = quick ? QUICK : FULL;
  const scratch = mkdtempSync(join(tmpdir(), 'gc-bench-'));
  const { command } = await bundledProduct();
  const agent = await openSession(startBare(node), agentOf(node, command, join(scratch, 'data')));
  const echo = await openSession(startBare(node), echoOf(node));
  const had: Record<'agent' | 'echo', (readonly [number, number])[]> = { agent: [], echo: [] };
  try {
    for (const { relay } of [agent, echo]) await relay.ask(quick ? 500 : WARM, AT_ONCE);
    for (const rate of rates) {
      had.agent.push([rate, await costAt(agent, rate, ms)]);
      had.echo.push([rate, await costAt(echo, rate, ms)]);
    }
  } finally {
    await Promise.all([agent.end(), echo.end()]);
    rmSync(scratch, { recursive: true, force: true });
  }
  const others: Readonly<Record<string, Points>> = { 'bare ws client': had.echo };
  return [
    {
      what: 'session messages, CPU of the agent',
      title: 'Session messages: CPU of the agent',
      x: 'status requests a second',
      y: 'ms of CPU a second',
      name: 'agent',
      points: had.agent,
      others,
    },
  ];
};
