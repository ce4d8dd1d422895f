/**
 * The machine's identity at every relay: a UUID, kept in `machine.json`. A new one is derived from the machine and the folder,
 * so that an agent that was removed with all its files and installed again is the same machine to the relay, while two data
 * folders are two agents. Copied to another machine, the file does not count.
 */
import { createHash, randomUUID } from 'node:crypto';
import { machinePath } from '@guruconnect/shared/data-folder';
import { messageOf } from '@guruconnect/shared/usage-error';
import * as v from 'valibot';
import { AgentFault } from '@guruconnect/shared/agent-fault';
import { Fingerprint, compareFingerprints, isSameFingerprint, mergeFingerprints } from './fingerprint.ts';
import { type Files, replaceFile } from './replace-file.ts';

const Uuid = v.pipe(v.string(), v.uuid());
const Stored = v.variant('version', [
  v.object({ version: v.literal(1), machineId: Uuid }),
  v.object({ version: v.literal(2), machineId: Uuid, fingerprint: Fingerprint }),
]);

interface MachineFile {
  readonly machineId: string;
  readonly fingerprint: Fingerprint;
}

const parseMachine = (bytes: Uint8Array): MachineFile | undefined => {
  try {
    const stored = v.parse(Stored, JSON.parse(Buffer.from(bytes).toString('utf8')));
    return { machineId: stored.machineId, fingerprint: stored.version === 2 ? stored.fingerprint : {} };
  } catch {
    return undefined;
  }
};

const NAMESPACE = 'guruconnect.agent.machine-id.1';

/**
 * A UUID of version 8 out of SHA-256, where the machine's hardware is known; a random one (version 4) otherwise. The system's mark
 * alone will not do: images of disks have it in them, and their machines would displace each other at the relay.
 * @param folder the data folder's canonical path.
 * @see https://www.rfc-editor.org/rfc/rfc9562#section-5.8
 */
export const deriveMachineId = (
  { hardware, system }: Fingerprint,
  folder: string,
  random: () => string = randomUUID,
): string => {
  if (hardware === undefined) return random();
  const name = JSON.stringify([NAMESPACE, hardware, system ?? null, folder]);
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

export interface IdentityPorts {
  readonly files: Files;
  readonly dataDir: string;
  readonly fingerprint: Fingerprint;
  /** The folder, which exists by then, without links and in one spelling. */
  readonly canonical: (dataDir: string) => string;
}

export interface MachineIdentity {
  readonly machineId: string;
  /** Of the machine that this file was copied from. */
  readonly formerMachineId: string | undefined;
}

const readMachine = async (files: Files, path: string): Promise<MachineFile | undefined> => {
  try {
    const bytes = await files.read(path);
    return bytes === undefined ? undefined : parseMachine(bytes);
  } catch {
    // Without it the relay may take this for a new machine; that is better than one that cannot be reached.
    return undefined;
  }
};

const writeMachine = (files: Files, path: string, { machineId, fingerprint }: MachineFile): Promise<void> =>
  replaceFile(files, path, Buffer.from(`${JSON.stringify({ version: 2, machineId, fingerprint })}\n`));

const makeMachine = async (ports: IdentityPorts, not: readonly (string | undefined)[]): Promise<string> => {
  const { files, dataDir, fingerprint, canonical } = ports;
  try {
    await files.makeFolder(dataDir);
    const derived = deriveMachineId(fingerprint, canonical(dataDir));
    const machineId = not.includes(derived) ? randomUUID() : derived;
    await writeMachine(files, machinePath(dataDir), { machineId, fingerprint });
    return machineId;
  } catch (cause) {
    throw new AgentFault('store-unwritable', `${dataDir}: cannot be written: ${messageOf(cause)}`, cause);
  }
};

/**
 * The stored identity, or a new one that is on the disk before anybody hears of it.
 * @param not an identity that is another machine's.
 * @throws AgentFault `store-unwritable`
 */
export const resolveMachineId = async (ports: IdentityPorts, not?: string): Promise<MachineIdentity> => {
  const { files, dataDir, fingerprint } = ports;
  const path = machinePath(dataDir);
  const known = await readMachine(files, path);
  if (known === undefined) return { machineId: await makeMachine(ports, [not]), formerMachineId: not };
  const isForeign = compareFingerprints(known.fingerprint, fingerprint).kind === 'cloned';
  if (isForeign || known.machineId === not) {
    const machineId = await makeMachine(ports, [not, known.machineId]);
    return { machineId, formerMachineId: not ?? known.machineId };
  }
  const merged = mergeFingerprints(known.fingerprint, fingerprint);
  // What is learnt late helps to find out a clone; it is no reason to fail.
  if (!isSameFingerprint(merged, known.fingerprint))
    await writeMachine(files, path, { ...known, fingerprint: merged }).catch(() => undefined);
  return { machineId: known.machineId, formerMachineId: not };
};
