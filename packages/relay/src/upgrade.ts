import type { IncomingMessage } from 'node:http';
import { SESSION_PATH, SUBPROTOCOLS, type Subprotocol } from '@guruconnect/shared/relay-protocol';
import { errorAnswer, methodNotAllowed, notFound, unauthorized, type Answer } from './answer.ts';
import type { Registry } from './registry.ts';
import { bearerOf } from './secrets.ts';

export type UpgradeVerdict =
  | { readonly kind: 'accepted'; readonly agentId: string }
  | { readonly kind: 'refused'; readonly answer: Answer };

const refused = (answer: Answer): UpgradeVerdict => ({ kind: 'refused', answer });

/** The path of a request target, without its query. */
export const pathOf = (target: string | undefined): string => (target ?? '').split('?', 1)[0] ?? '';

/** The answer to a plain request where an upgrade is required (RFC 9110 section 15.5.22). */
export const upgradeRequired = (extra: Answer['headers'] = {}): Answer =>
  errorAnswer(426, 'upgrade-required', { Upgrade: 'websocket', Connection: 'Upgrade', ...extra });

/** Judges a session upgrade; the rest of the handshake (key, header syntax) is the WebSocket library's. */
export const judgeUpgrade = (
  request: IncomingMessage,
  registry: Pick<Registry, 'agentOf'>,
): UpgradeVerdict => {
  if (pathOf(request.url) !== SESSION_PATH) return refused(notFound);
  if (request.method !== 'GET') return refused(methodNotAllowed('GET'));
  const credential = bearerOf(request.headers.authorization);
  const agentId = credential === undefined ? undefined : registry.agentOf(credential);
  if (agentId === undefined) return refused(unauthorized);
  if (request.headers['sec-websocket-version'] !== '13') {
    return refused(upgradeRequired({ 'Sec-WebSocket-Version': '13' }));
  }
  if (bestProtocol(offersOf(request.headers['sec-websocket-protocol'])) === undefined) {
    return refused(errorAnswer(400, 'sub-protocol-required'));
  }
  return { kind: 'accepted', agentId };
};

const offersOf = (header: string | undefined): ReadonlySet<string> =>
  new Set((header ?? '').split(',').map((offered) => offered.trim()));

/** The best version that both speak: the agent's order does not count. */
export const bestProtocol = (offered: ReadonlySet<string>): Subprotocol | undefined =>
  SUBPROTOCOLS.find((name) => offered.has(name));
