/**
 * What a worker that may not touch the store says of it over the pipe, and what the supervisor answers. What is in `stored`
 * and `identity` is the store's matter: it is an object of unknown fields here, and judged by whoever uses it.
 */

export type Fields = Readonly<Record<string, unknown>>;

/** Worker to supervisor. `id` is the worker's own count, and comes back with the answer. */
export type StoreRequest =
  /** A credential that the relay has just given: to be stored. */
  | { readonly kind: 'credential'; readonly id: number; readonly stored: Fields }
  /** Another relay is configured: who is the machine to that one? */
  | { readonly kind: 'resolve'; readonly id: number }
  /** The relay has been told the last words. */
  | { readonly kind: 'told' };

/** A local fault in words, as in a worker's `fault`. */
export interface StoreFault {
  readonly code: string;
  readonly message: string;
}

/** Supervisor to worker. */
export type StoreAnswer =
  /** It is on the disk, unless there is an error. */
  | { readonly kind: 'stored'; readonly id: number; readonly error?: string }
  | { readonly kind: 'identity'; readonly id: number; readonly identity: Fields }
  | { readonly kind: 'no-identity'; readonly id: number; readonly fault: StoreFault };

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** @returns `undefined` for anything else. */
export const parseStoreRequest = ({ kind, id, stored }: Fields): StoreRequest | undefined => {
  if (kind === 'told') return { kind };
  if (!isCount(id)) return undefined;
  if (kind === 'resolve') return { kind, id };
  return kind === 'credential' && isFields(stored) ? { kind, id, stored } : undefined;
};

const parseStoreFault = (fault: unknown): StoreFault | undefined => {
  if (!isFields(fault)) return undefined;
  const { code, message } = fault;
  return typeof code === 'string' && typeof message === 'string' ? { code, message } : undefined;
};

/** @returns `undefined` for anything else. */
export const parseStoreAnswer = ({ kind, id, error, identity, ...rest }: Fields): StoreAnswer | undefined => {
  if (!isCount(id)) return undefined;
  if (kind === 'stored') {
    if (error === undefined) return { kind, id };
    return typeof error === 'string' ? { kind, id, error } : undefined;
  }
  if (kind === 'identity') return isFields(identity) ? { kind, id, identity } : undefined;
  const fault = kind === 'no-identity' ? parseStoreFault(rest['fault']) : undefined;
  return fault && { kind: 'no-identity', id, fault };
};
