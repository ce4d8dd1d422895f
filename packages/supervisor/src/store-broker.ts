/**
 * The store on behalf of a worker that may not touch it: the credential goes out with the bootstrap, a new one comes back over
 * the pipe. The worker talks to the network, so that what it says is checked: whoever has taken it over can have a credential
 * stored that is no good, for this machine at the configured relay, now and then; no other file, no other relay, and no more.
 */
import { AgentFault, faultCodeOf } from '@guruconnect/shared/agent-fault';
import type { Clock } from '@guruconnect/shared/clock';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import { forgetLastWords } from '@guruconnect/shared/last-words';
import type { Log } from '@guruconnect/shared/log';
import type { Bootstrap } from '@guruconnect/shared/pipe-protocol';
import type { StoreAnswer, StoreRequest } from '@guruconnect/shared/store-protocol';
import { STORE_REQUESTS, TIMING } from '@guruconnect/shared/timing';
import { messageOf } from '@guruconnect/shared/usage-error';
import type { StoreKeeping } from './store-keeping.ts';

/** The supervisor's half of the worker's store. */
export interface StoreBroker {
  /** What the worker is told of the store at its start. @throws AgentFault, UsageError: a fault as if the worker had had it. */
  prepare(): Promise<Pick<Bootstrap, 'identity' | 'lastWords'>>;
  /** What the worker says later. @returns the answer, if there is to be one. @throws only for an error of our own */
  take(request: StoreRequest): Promise<StoreAnswer | undefined>;
}

export interface BrokerPorts {
  readonly options: AgentOptions;
  readonly log: Log;
  readonly clock: Clock;
  /** Lets the worker's account in where it has to get in. @throws AgentFault */
  readonly admit?: () => Promise<void>;
}

/** So many within a window that begins with the first of them. */
const createBudget = (clock: Clock) => {
  let since: number | undefined;
  let spent = 0;
  return {
    /** `first-beyond` once in a window. */
    spend: (): 'within' | 'first-beyond' | 'beyond' => {
      if (since === undefined || clock.now() - since >= TIMING.storeWindow) {
        since = clock.now();
        spent = 0;
      }
      spent += 1;
      if (spent <= STORE_REQUESTS) return 'within';
      return spent === STORE_REQUESTS + 1 ? 'first-beyond' : 'beyond';
    },
  };
};

const answerTo = async (
  keeping: StoreKeeping,
  request: Exclude<StoreRequest, { kind: 'told' }>,
  log: Log,
): Promise<StoreAnswer> => {
  const { id } = request;
  try {
    if (request.kind === 'resolve') return { kind: 'identity', id, identity: await keeping.resolve() };
    await keeping.store(request.stored);
    log.info('a new credential from the worker was stored');
    return { kind: 'stored', id };
  } catch (error) {
    const code = faultCodeOf(error);
    if (code === undefined) throw error;
    const message = messageOf(error);
    log.warn({ code, why: message }, 'what the worker asked of the store was not done');
    return request.kind === 'resolve'
      ? { kind: 'no-identity', id, fault: { code, message } }
      : { kind: 'stored', id, error: message };
  }
};

/** What reads the store is loaded at the first need, as it loads packages: a service has to be up before that. */
export const createStoreBroker = (ports: BrokerPorts): StoreBroker => {
  const { options, log, clock, admit } = ports;
  const budget = createBudget(clock);
  let opened: Promise<StoreKeeping> | undefined;
  let busy = false;
  const open = (): Promise<StoreKeeping> =>
    (opened ??= import('./store-keeping.ts').then(({ openStore }) => openStore(options, log)));

  const prepare = async (): Promise<Pick<Bootstrap, 'identity' | 'lastWords'>> => {
    const keeping = await open();
    await admit?.();
    const identity = await keeping.resolve();
    const lastWords = keeping.lastWords();
    return { identity, ...(lastWords !== undefined && { lastWords }) };
  };
  return {
    prepare: () =>
      new Promise((resolve, reject) => {
        const bound = clock.after(TIMING.storeRead, () => {
          reject(new AgentFault('store-unreadable', `the store was not read within ${TIMING.storeRead} ms`));
        });
        prepare().then(resolve, reject).finally(bound.cancel);
      }),
    take: async (request) => {
      const spent = budget.spend();
      if (spent === 'first-beyond') log.warn('the worker asks too much of the store, and is not answered');
      if (spent !== 'within') return undefined;
      if (request.kind === 'told') {
        forgetLastWords(dataDir(options));
        return undefined;
      }
      // One at a time: whoever does not wait for an answer gets none.
      if (busy) return undefined;
      busy = true;
      try {
        return await answerTo(await open(), request, log);
      } finally {
        busy = false;
      }
    },
  };
};
