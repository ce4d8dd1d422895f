/** How the agent reaches a relay: the session's socket and the request of an enrolment, by the configured way. */
import type { Config } from '@guruconnect/shared/config';
import { relayEndpoint } from '@guruconnect/shared/config';
import { type EnrollRequest, type EnrollResponse, SESSION_PATH } from '@guruconnect/shared/relay-protocol';
import { enroll } from './enroll.ts';
import { type Resolvers, type Route, createRoutes } from './network/route.ts';
import { type Socket, type SocketEvents, dial } from './web-socket.ts';

export interface Transport {
  /** Never throws: what goes wrong is the socket's end. */
  dial(credential: string, on: SocketEvents): Socket;
  /** @throws EnrollRefused, and the error of what went wrong on the way */
  enroll(token: string, body: EnrollRequest, signal: AbortSignal): Promise<EnrollResponse>;
  /** Whose answer to the last of these is still to come. */
  awaited(): 'the proxy' | 'the relay';
}

export type CreateTransport = (config: Config) => Transport;

/** @param resolvers of names and of the machine's proxy; default: the system's. */
export const createTransport = (config: Config, resolvers?: Resolvers): Transport => {
  const routes = createRoutes(config, resolvers);
  let route: Route | undefined;
  return {
    awaited: () => route?.awaited() ?? 'the relay',
    dial: (credential, on) => {
      const way = routes.open();
      route = way;
      const socket = dial(relayEndpoint(config.relay, SESSION_PATH, 'ws'), credential, way.options, {
        ...on,
        end: (how) => {
          way.release();
          on.end(how);
        },
      });
      return {
        ...socket,
        terminate: () => {
          // First: the next try has to know of a proxy that was silent.
          way.release();
          socket.terminate();
        },
      };
    },
    enroll: (token, body, signal) => {
      route = routes.open();
      return enroll({ relay: config.relay, token, body, route, signal });
    },
  };
};
