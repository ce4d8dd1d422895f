/**
 * The credential on disk: `credential.json`, mode 0600 in a folder of mode 0700. Replaced atomically, never repaired: a
 * file that cannot be understood is somebody's evidence, and what it held may still be valid at the relay.
 */
import { copyFileSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { credentialPath } from '@guruconnect/shared/data-folder';
import { makeFolder } from '@guruconnect/shared/make-folder';
import { Credential } from '@guruconnect/shared/relay-protocol';
import { messageOf } from '@guruconnect/shared/usage-error';
import * as v from 'valibot';
import writeFileAtomic from 'write-file-atomic';
import { AgentFault } from './agent-fault.ts';

const Stored = v.object({
  version: v.literal(1),
  /** URL of the relay that issued it; it is shown to no other. */
  relay: v.string(),
  machineId: v.pipe(v.string(), v.uuid()),
  agentId: v.string(),
  credential: Credential,
  enrolledAt: v.pipe(v.string(), v.isoTimestamp()),
});
export type StoredCredential = v.InferOutput<typeof Stored>;

const damaged = (path: string, why: string): AgentFault =>
  new AgentFault(
    'credential-damaged',
    `${path}: ${why}; it is left as it is: restore it, or move it away to enrol again`,
  );

const parse = (path: string, text: string): StoredCredential => {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw damaged(path, 'not valid JSON (half written?)');
  }
  const result = v.safeParse(Stored, data);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw damaged(path, `${v.getDotPath(issue) ?? 'content'}: not what it should be`);
};

/** @returns `undefined` where no credential has been stored. @throws AgentFault for one that cannot be read or parsed. */
export const readCredential = (dataDir: string): StoredCredential | undefined => {
  const path = credentialPath(dataDir);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AgentFault('store-unreadable', `${path}: cannot be read: ${messageOf(cause)}`, cause);
  }
  return parse(path, text);
};

/** Whose credential is there, as far as it can be told. */
const relayOf = (dataDir: string): string | undefined => {
  try {
    return readCredential(dataDir)?.relay;
  } catch {
    return undefined;
  }
};

/** What another relay issued may be needed again: it is kept as `credential.json.previous`. */
const keepPrevious = (path: string, relay: string): void => {
  const former = relayOf(dirname(path));
  if (former !== undefined && former !== relay) copyFileSync(path, `${path}.previous`);
};

/** Written aside, flushed, then renamed over the old one. @throws AgentFault */
export const writeCredential = async (dataDir: string, stored: StoredCredential): Promise<void> => {
  const path = credentialPath(dataDir);
  try {
    // A folder that is there already is somebody's: only one that is made here is made private.
    makeFolder(dirname(path), 0o700);
    keepPrevious(path, stored.relay);
    await writeFileAtomic(path, `${JSON.stringify(stored, undefined, 2)}\n`, { mode: 0o600, fsync: true });
  } catch (cause) {
    throw new AgentFault('store-unwritable', messageOf(cause), cause);
  }
};
