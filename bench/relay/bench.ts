/** The embedded relay and a bare `ws` server in turn, each in a new process for every round. */
import type { Bar, Bench } from '../bench.ts';
import { claimOf, notMeasured } from '../claim.ts';
import { measuringNode } from '../ground/node.ts';
import { median } from '../median.ts';
import { type Holding, type RelayKind, holdAgents } from './hold.ts';

const FULL = { rounds: 20, agents: 5000, idleRounds: 5, idleMs: 10_000 };
const QUICK = { rounds: 2, agents: 500, idleRounds: 1, idleMs: 2000 };
const UNIT = 'x a raw ws server';
const CLAIMS = {
  bytes: { name: 'relay: memory for each agent', limit: 1.5, unit: UNIT },
  time: { name: 'relay: until all are online', limit: 1.3, unit: UNIT },
} as const;

type Rounds = Readonly<Record<RelayKind, readonly Holding[]>>;

const barsOf = (rounds: Rounds, of: (holding: Holding) => number): readonly Bar[] => [
  { name: 'embedded relay', values: rounds.ours.map(of).filter(Number.isFinite), role: 'product' },
  { name: 'raw ws server', values: rounds.bare.map(of).filter(Number.isFinite), role: 'floor' },
];

const ratio = ({ ours, bare }: Rounds, of: (holding: Holding) => number): number =>
  median(ours.map(of)) / median(bare.map(of));

const KB = 1000;
const KINDS = ['ours', 'bare'] as const;

export const benchRelay: Bench = async ({ quick }, say) => {
  if (process.platform !== 'linux')
    return { claims: Object.values(CLAIMS).map((claim) => notMeasured(claim, 'it is measured on Linux')) };
  const { rounds, agents, idleRounds, idleMs } = quick ? QUICK : FULL;
  const node = await measuringNode(say);
  const had: Record<RelayKind, Holding[]> = { ours: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of KINDS)
      had[kind].push(await holdAgents(node, kind, agents, round < idleRounds ? idleMs : 0));
    if ((round + 1) % 5 === 0) say(`${round + 1} of ${rounds} rounds of ${agents} agents`);
  }
  const bytes = (holding: Holding): number => holding.bytes / agents / KB;
  const seconds = ({ onlineMs }: Holding): number => onlineMs / 1000;
  return {
    claims: [
      claimOf({ ...CLAIMS.bytes, value: ratio(had, bytes), floor: 1, peers: {} }),
      claimOf({ ...CLAIMS.time, value: ratio(had, seconds), floor: 1, peers: {} }),
    ],
    groups: [
      { title: `Relay: memory for each of ${agents} agents`, unit: 'kB', bars: barsOf(had, bytes) },
      { title: `Relay: until ${agents} agents are online`, unit: 's', bars: barsOf(had, seconds) },
      {
        title: `Relay: agents that come online in a second`,
        unit: 'more is better',
        bars: barsOf(had, ({ onlineMs }) => (1000 * agents) / onlineMs),
      },
      {
        title: `Relay: CPU while ${agents} agents are idle`,
        unit: 'ms a minute',
        bars: barsOf(had, ({ idleCpuMs }) => idleCpuMs),
      },
    ],
  };
};
