import type { Bench } from '../bench.ts';
import { notMeasured } from '../claim.ts';
import { measuringNode } from '../ground/node.ts';
import { growAgents } from './agents.ts';
import { growthClaim, plotOf } from './growth.ts';
import { growLogs } from './logs.ts';
import { growMessages } from './messages.ts';
import { countRestarts, leftClaims, restartGrowths } from './restarts.ts';

export const benchGrowth: Bench = async ({ quick }, say) => {
  if (process.platform !== 'linux')
    return {
      claims: [notMeasured({ name: 'growth', limit: 1.1, unit: 'exponent' }, 'it is measured on Linux')],
    };
  const node = await measuringNode(say);
  say('session messages');
  const messages = await growMessages(node, quick);
  say('log lines');
  const logs = await growLogs(node, quick);
  say('worker restarts');
  const marks = await countRestarts(node, quick);
  say('agents at the relay');
  const agents = await growAgents(node, quick);
  const growths = [...messages, ...logs, ...restartGrowths(marks), ...agents];
  return { claims: [...growths.map(growthClaim), ...leftClaims(marks)], plots: growths.map(plotOf) };
};
