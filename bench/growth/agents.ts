/** What agents cost a relay, from few to many; each number at a new one. */
import { median } from '../median.ts';
import { type Holding, type RelayKind, holdAgents } from '../relay/hold.ts';
import type { Growth } from './growth.ts';

const FULL = { counts: [10, 30, 100, 300, 1000, 3000, 5000], rounds: 3 };
const QUICK = { counts: [10, 100, 300], rounds: 1 };
const MB = 1e6;
const KINDS = ['ours', 'bare'] as const;

export const growAgents = async (node: string, quick: boolean): Promise<readonly Growth[]> => {
  const { counts, rounds } = quick ? QUICK : FULL;
  const had = new Map<string, Holding[]>();
  const of = (kind: RelayKind, count: number): Holding[] => had.get(`${kind} ${count}`) ?? [];
  for (let round = 0; round < rounds; round += 1)
    for (const count of counts)
      for (const kind of KINDS)
        had.set(`${kind} ${count}`, [...of(kind, count), await holdAgents(node, kind, count, 0)]);
  const pointsOf = (kind: RelayKind, value: (holding: Holding) => number) =>
    counts.map((count) => [count, median(of(kind, count).map(value))] as const);
  const seconds = ({ onlineMs }: Holding): number => onlineMs / 1000;
  // The least that is seen: a few agents fit into what was there already.
  const megabytes = ({ bytes }: Holding): number => Math.max(bytes, 1e4) / MB;
  const shared = { x: 'agents', name: 'embedded relay' };
  return [
    {
      ...shared,
      what: 'agents at the relay, time until all are online',
      title: 'Agents at the relay: until all are online',
      y: 'seconds',
      points: pointsOf('ours', seconds),
      others: { 'raw ws server': pointsOf('bare', seconds) },
    },
    {
      ...shared,
      what: 'agents at the relay, memory',
      title: 'Agents at the relay: memory',
      y: 'MB, anonymous',
      points: pointsOf('ours', megabytes),
      others: { 'raw ws server': pointsOf('bare', megabytes) },
    },
  ];
};
