/**
 * The way to the relay, tried as the agent goes it and told step by step: for the doctor, who has to see what the worker sees. It
 * asks for an upgrade without a credential, which every relay refuses: it uses no token up and supersedes no session.
 */
import { randomBytes } from 'node:crypto';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type Config, relayEndpoint } from '@guruconnect/shared/config';
import { type ProbeStep, namesOurRealm } from '@guruconnect/shared/probe-protocol';
import { SESSION_PATH, SUBPROTOCOLS } from '@guruconnect/shared/relay-protocol';
import { type Resolvers, type Route, createRoutes } from './network/route.ts';
import type { Step } from './network/step.ts';
import { troubleOf } from './network/trouble.ts';
import { pinOf } from './network/trust.ts';

type TellProbe = (step: ProbeStep) => void;

/** A key as RFC 6455 wants it; nobody will see the answer to it. */
const upgradeHeaders = () => ({
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': randomBytes(16).toString('base64'),
  'sec-websocket-protocol': SUBPROTOCOLS.join(', '),
});

const ask = (relay: string, route: Route, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const url = relayEndpoint(relay, SESSION_PATH, 'http');
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    signal.addEventListener('abort', route.release, { once: true });
    request(url, { headers: upgradeHeaders(), signal, ...route.options }, resolve)
      .on('error', reject)
      .on('upgrade', (response, socket) => {
        socket.destroy();
        resolve(response);
      })
      .end();
  });

/** One line of it: subjects are written with line breaks. */
const nameOf = (name: string): string => name.replaceAll('\n', ', ');

/** What the doctor is told of a layer; of a proxy's own certificate nothing. */
const toProbeStep = (step: Step, isRelay: boolean): ProbeStep | undefined => {
  switch (step.kind) {
    case 'way':
      return { kind: 'way', ...(step.proxy && { proxy: step.proxy.origin }) };
    case 'resolved':
      return { ...step, addresses: step.addresses.map(({ address }) => address) };
    case 'certificate': {
      const { subject, issuer, validFrom, validTo } = step.certificate;
      const times = { validFrom: Date.parse(validFrom), validTo: Date.parse(validTo) };
      const names = { subject: nameOf(subject), issuer: nameOf(issuer) };
      return isRelay ? { kind: 'certificate', ...names, ...times, pin: pinOf(step.certificate) } : undefined;
    }
    case 'secured':
      return isRelay ? step : undefined;
    case 'connected':
    case 'reached':
      return step;
  }
};

/** @returns whether there was an answer. */
const tryOnce = async (
  { relay }: Config,
  route: Route,
  tell: TellProbe,
  signal: AbortSignal,
): Promise<boolean> => {
  try {
    const response = await ask(relay, route, signal);
    response.destroy();
    const { date, 'www-authenticate': challenge } = response.headers;
    tell({
      kind: 'answered',
      status: response.statusCode ?? 0,
      ...(date !== undefined && { date }),
      ...(namesOurRealm(challenge) && { ours: true }),
    });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = signal.aborted ? `${route.awaited()} gave no answer in time` : troubleOf(error);
    tell({ kind: 'failed', why, ...(typeof code === 'string' && { code }) });
    return false;
  } finally {
    route.release();
  }
};

/**
 * Never rejects. A try that found the proxy dead is followed by one past it, where the agent would make one.
 * @param bound of a try: aborted when it is over.
 */
export const probe = async (
  config: Config,
  tell: TellProbe,
  bound: () => AbortSignal,
  resolvers: Resolvers = {},
): Promise<void> => {
  let isRelay = false;
  let current = bound();
  const routes = createRoutes(config, {
    ...resolvers,
    tell: (step) => {
      // What comes after the end of a try belongs to none.
      if (current.aborted) return;
      if (step.kind === 'way') isRelay = false;
      // Told once is enough: directly, it is told before the connection as well.
      if (step.kind === 'reached' && isRelay) return;
      if (step.kind === 'reached') isRelay = true;
      const told = toProbeStep(step, isRelay);
      if (told !== undefined) tell(told);
    },
  });
  if (await tryOnce(config, routes.open(), tell, current)) return;
  const next = routes.open();
  if (config.proxy === undefined || next.via !== undefined) return;
  current = bound();
  await tryOnce(config, next, tell, current);
};
