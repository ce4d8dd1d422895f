/** The machine's identity at every relay: a UUID, kept for the life of the installation in `machine.json`. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '@guruconnect/shared/make-folder';
import { messageOf } from '@guruconnect/shared/usage-error';
import * as v from 'valibot';
import writeFileAtomic from 'write-file-atomic';
import { AgentFault } from './agent-fault.ts';

const Stored = v.object({ version: v.literal(1), machineId: v.pipe(v.string(), v.uuid()) });

const read = (path: string): string | undefined => {
  try {
    return v.parse(Stored, JSON.parse(readFileSync(path, 'utf8'))).machineId;
  } catch {
    // Without it the relay takes this for a new machine; that is better than one that cannot be reached.
    return undefined;
  }
};

/** The stored identity, or a new one that is stored before anybody hears of it. @throws AgentFault */
export const resolveMachineId = (dataDir: string): string => {
  const path = join(dataDir, 'machine.json');
  const known = read(path);
  if (known !== undefined) return known;
  const machineId = randomUUID();
  try {
    makeFolder(dataDir, 0o700);
    writeFileAtomic.sync(path, `${JSON.stringify({ version: 1, machineId })}\n`, {
      mode: 0o600,
      fsync: true,
    });
  } catch (cause) {
    throw new AgentFault('store-unwritable', `${dataDir}: cannot be written: ${messageOf(cause)}`, cause);
  }
  return machineId;
};
