/** Replaces a credential for ever, and says when it has begun: to be killed. `node replacing-program.js FOLDER` */
import { STORED, writeCredential } from './stored.ts';

const [dataDir = ''] = process.argv.slice(2);
for (let n = 0; ; n += 1) {
  await writeCredential(dataDir, { ...STORED, agentId: `agent-${n}` });
  if (n === 0) process.stdout.write('begun\n');
}
