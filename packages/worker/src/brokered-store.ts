/**
 * The store of a worker that may not touch it: what it has of this machine came with the first line of stdin, and all else is
 * asked of the supervisor, over the pipe.
 */
import { AgentFault, faultOf } from '@guruconnect/shared/agent-fault';
import type { Config } from '@guruconnect/shared/config';
import { parseLastWords } from '@guruconnect/shared/last-words-file';
import type { Fields } from '@guruconnect/shared/store-protocol';
import { messageOf } from '@guruconnect/shared/usage-error';
import { type HandedIdentity, type HeldCredential, parseHanded } from '@guruconnect/store/handed-identity';
import type { StoredCredential } from '@guruconnect/store/stored-credential';
import type { Identity } from './agent-ports.ts';
import type { KeptWords } from './last-words.ts';
import type { SupervisorPipe } from './supervisor-pipe.ts';

type Pipe = Pick<SupervisorPipe, 'ask' | 'send'>;

/** Who made the fingerprint keeps it, and puts it to what is stored. */
const whole = (held: HeldCredential | undefined): StoredCredential | undefined =>
  held && { ...held, fingerprint: {} };

const identityOf = (handed: HandedIdentity, write: Identity['write']): Identity => {
  const { relay, machineId, formerMachineId, clone, product, enrolReason = 'first' } = handed;
  const { manufacturer, model } = product;
  return {
    stored: whole(handed.stored),
    fallback: whole(handed.fallback),
    machineId,
    formerMachineId,
    clone,
    enrollReason: enrolReason,
    product: { ...(manufacturer !== undefined && { manufacturer }), ...(model !== undefined && { model }) },
    credentialOf: ({ agentId, credential }, enrolledAt) => ({
      relay,
      machineId,
      agentId,
      credential,
      enrolledAt,
      fingerprint: {},
    }),
    write,
  };
};

const unwritable = (why: string, cause?: unknown): AgentFault =>
  new AgentFault('store-unwritable', why, cause);

const createWrite =
  (pipe: Pipe): Identity['write'] =>
  async ({ fingerprint: _kept, ...stored }) => {
    const answer = await pipe.ask({ kind: 'credential', stored }).catch((error: unknown) => {
      throw unwritable(messageOf(error), error);
    });
    if (answer.kind !== 'stored') throw unwritable('the supervisor has answered something else');
    if (answer.error !== undefined) throw unwritable(answer.error);
  };

const askIdentity = async (pipe: Pipe): Promise<Fields> => {
  const answer = await pipe.ask({ kind: 'resolve' }).catch((error: unknown) => {
    throw new AgentFault('store-unreadable', messageOf(error), error);
  });
  if (answer.kind === 'identity') return answer.identity;
  if (answer.kind === 'no-identity') throw faultOf(answer.fault.code, answer.fault.message);
  throw new AgentFault('store-unreadable', 'the supervisor has answered something else');
};

const understood = (data: Fields): HandedIdentity => {
  const handed = parseHanded(data);
  if (handed === undefined)
    throw new AgentFault('store-unreadable', 'what the supervisor has handed over is not an identity');
  return handed;
};

/**
 * Resolves to what was handed over as long as it is for the configured relay; for another one the supervisor is asked, which
 * reads the configuration itself: it believes no worker that says which relay's credential it needs.
 * @param handed of the bootstrap.
 */
export const brokeredStore = (pipe: Pipe, handed: Fields): ((config: Config) => Promise<Identity>) => {
  let first: Fields | undefined = handed;
  const write = createWrite(pipe);
  return async ({ relay }) => {
    const before = first && understood(first);
    first = undefined;
    const identity = before?.relay === relay ? before : understood(await askIdentity(pipe));
    if (identity.relay !== relay)
      throw new AgentFault(
        'store-unreadable',
        `the supervisor finds ${identity.relay} configured, and the worker ${relay}`,
      );
    return identityOf(identity, write);
  };
};

/** The supervisor keeps them, and forgets them once it hears that they have been told. */
export const wordsOverPipe = (pipe: Pipe, lastWords: Fields | undefined): KeptWords => ({
  found: parseLastWords(lastWords),
  forget: () => {
    pipe.send({ kind: 'told' });
  },
});
