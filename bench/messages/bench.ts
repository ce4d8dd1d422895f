/**
 * Status requests over one session. Twice: the agent at a bare `ws` server, which shows what the agent costs, and at the embedded relay,
 * which costs as well. The echo is between two bare ends. In turn, all three connected throughout.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { claimOf, notMeasured } from '../claim.ts';
import { measuringNode } from '../ground/node.ts';
import { bundledProduct } from '../ground/product.ts';
import { startBare, startOurs } from '../ground/relay.ts';
import { agentOf, echoOf, openSession } from '../ground/session.ts';
import { median } from '../median.ts';

const AGENT = {
  name: 'messages: the agent answers',
  limit: 0.7,
  unit: 'x a raw ws echo',
  least: true,
} as const;
const BOTH = { ...AGENT, name: 'messages: the agent answers the embedded relay' } as const;
const FULL = { rounds: 25, count: 5000, warm: 10_000 };
const QUICK = { rounds: 3, count: 1000, warm: 1000 };
/** Under way at any moment. */
const AT_ONCE = 32;

export const benchMessages: Bench = async ({ quick }, say) => {
  if (process.platform !== 'linux')
    return { claims: [AGENT, BOTH].map((claim) => notMeasured(claim, 'it is measured on Linux')) };
  const { rounds, count, warm } = quick ? QUICK : FULL;
  const node = await measuringNode(say);
  const { command } = await bundledProduct();
  const scratch = mkdtempSync(join(tmpdir(), 'gc-bench-'));
  const agent = (name: string) => agentOf(node, command, join(scratch, name));
  const sessions = [
    await openSession(startBare(node), agent('bare')),
    await openSession(startOurs(node), agent('ours')),
    await openSession(startBare(node), echoOf(node)),
  ];
  const rates = sessions.map((): number[] => []);
  try {
    for (const { relay } of sessions) await relay.ask(warm, AT_ONCE);
    for (let round = 0; round < rounds; round += 1)
      for (const [index, { relay }] of sessions.entries())
        rates[index]?.push(count / ((await relay.ask(count, AT_ONCE)) / 1000));
  } finally {
    await Promise.all(sessions.map(({ end }) => end()));
    rmSync(scratch, { recursive: true, force: true });
  }
  const [bare = [], ours = [], raw = []] = rates;
  const held = (claim: typeof AGENT | typeof BOTH, values: readonly number[]) =>
    claimOf({ ...claim, value: median(values) / median(raw), floor: 1, peers: {} });
  return {
    claims: [held(AGENT, bare), held(BOTH, ours)],
    groups: [
      {
        title: 'Messages: status requests over one session',
        unit: 'answers a second, more is better',
        bars: [
          { name: 'agent at a raw ws server', values: bare, role: 'product' },
          { name: 'agent at the embedded relay', values: ours, role: 'product' },
          { name: 'raw ws echo', values: raw, role: 'floor' },
        ],
      },
    ],
  };
};
