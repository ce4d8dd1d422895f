/** A TCP connection to a name or an address, resolved anew for each. */
import { lookup as getAddresses, type LookupAddress } from 'node:dns';
import { type LookupFunction, type Socket, connect } from 'node:net';
import { promisify } from 'node:util';
import { TIMING } from '@guruconnect/shared/timing';
import type { Attempt } from './attempt.ts';

/** All addresses of a name, in the order in which they are to be tried. Rejects where there are none. */
export type Lookup = (name: string) => Promise<readonly LookupAddress[]>;

const resolve = promisify(getAddresses);

/** The system's resolver, hosts file included; the order is RFC 6724's, which only the system knows. Nothing is cached here. */
export const systemLookup: Lookup = (name) => resolve(name, { all: true, verbatim: true });

/** Nobody asks a question while an answer to it is on its way: who comes meanwhile gets that answer. */
export const shareAnswers = <T>(ask: (question: string) => Promise<T>): typeof ask => {
  const underWay = new Map<string, Promise<T>>();
  return (question) => {
    const first = underWay.get(question);
    if (first !== undefined) return first;
    const answer = ask(question).finally(() => underWay.delete(question));
    underWay.set(question, answer);
    return answer;
  };
};

/**
 * Nobody asks for a name that is being asked for: getaddrinfo cannot be cancelled, and each call keeps one of libuv's four threads
 * for as long as the resolver takes; the files need one as well.
 * Relay and proxy are two names, so a resolver that hangs keeps two threads, however many tries are given up meanwhile. It does
 * return in the end: resolv.conf's timeouts and those of Windows are well below a minute.
 */
export const shareLookups = (lookup: Lookup): Lookup => shareAnswers(lookup);

/** In the form that `net` wants, which asks for all addresses where it is to choose between families. */
const forNet =
  (lookup: Lookup): LookupFunction =>
  (name, _options, done) => {
    lookup(name).then(
      (addresses) => {
        const none = addresses.length === 0 ? new Error(`${name} has no address`) : null;
        done(none, [...addresses]);
      },
      (error: unknown) => {
        done(error as NodeJS.ErrnoException, []);
      },
    );
  };

export interface Place {
  /** A name or an address; of IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Tries the addresses of both families in turn (RFC 8305), {@link TIMING.addressAttempt} each but the last. Node gives up an
 * address before it tries the next, so its own 250 ms would rule out every relay that is further away than that.
 */
export const dial = async (place: Place, lookup: Lookup, attempt: Attempt): Promise<Socket> => {
  const toldLookup: Lookup = async (name) => {
    const addresses = await lookup(name);
    attempt.tell({ kind: 'resolved', name, addresses });
    return addresses;
  };
  const socket = connect({
    ...place,
    lookup: forNet(toldLookup),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: TIMING.addressAttempt,
  });
  await attempt.hold(socket, 'connect');
  attempt.tell({ kind: 'connected', address: socket.remoteAddress ?? place.host, port: place.port });
  return socket;
};
