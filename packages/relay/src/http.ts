import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { CLOSE, ENROLL_PATH, MAX_MESSAGE_BYTES, SESSION_PATH } from '@guruconnect/shared/relay-protocol';
import { WebSocketServer } from 'ws';
import type { Admission } from './admission.ts';
import {
  busyUntil,
  errorAnswer,
  methodNotAllowed,
  notFound,
  refusalAnswer,
  refuseUpgrade,
  sendAnswer,
  type Answer,
} from './answer.ts';
import { judgeEnroll } from './enroll.ts';
import type { RelayEvent } from './events.ts';
import { stalls, type Faults } from './faults.ts';
import type { Registry } from './registry.ts';
import type { Sessions } from './sessions.ts';
import { bestProtocol, judgeUpgrade, pathOf, upgradeRequired } from './upgrade.ts';

/** Time for a request's headers, and for the whole of it, in milliseconds: an agent sends a few hundred bytes. */
const REQUEST_MS = 15_000;

/** What the two endpoints need of their relay. */
export type HttpHouse = {
  readonly registry: Registry;
  readonly sessions: Sessions;
  readonly isEnrollToken: (token: string) => boolean;
  readonly admission: Admission;
  readonly faults: () => Faults;
  readonly record: (event: RelayEvent) => void;
};

/** Serves the enrolment and session endpoints on a server that is not listening yet. */
export const serveHttp = (server: Server, house: HttpHouse): void => {
  server.headersTimeout = REQUEST_MS;
  server.requestTimeout = REQUEST_MS;
  server.on('request', (request, response) => {
    // An agent that leaves in mid-request needs no answer.
    route(request, response, house).catch(() => response.destroy());
  });
  const sockets = acceptor(house);
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // node:http has let go of the socket: an unheard error would end the process.
    socket.on('error', () => socket.destroy());
    // A relay that is closing opens no session that it would have to wait for.
    if (server.listening) upgrade(sockets, request, socket, head, house);
    else refuse(socket, errorAnswer(503, 'closing'), house);
  });
};

const route = async (request: IncomingMessage, response: ServerResponse, house: HttpHouse): Promise<void> => {
  const path = pathOf(request.url);
  if (path === ENROLL_PATH) return enroll(request, response, house);
  if (path !== SESSION_PATH) {
    sendAnswer(response, notFound);
    return;
  }
  const answer = request.method === 'GET' ? upgradeRequired() : methodNotAllowed('GET');
  house.record({ kind: 'session-refused', status: answer.status });
  sendAnswer(response, answer);
};

const enroll = async (
  request: IncomingMessage,
  response: ServerResponse,
  house: HttpHouse,
): Promise<void> => {
  const { refuseEnroll } = house.faults();
  if (stalls(house.faults(), 'enroll')) {
    request.resume();
    house.record({ kind: 'stalled', point: 'enroll' });
    return;
  }
  const answer = refuseEnroll === undefined ? await enrol(request, house) : refusalAnswer(refuseEnroll);
  if (answer.status !== 201) house.record({ kind: 'enroll-refused', status: answer.status });
  sendAnswer(response, answer);
  // What is left of a body is read and dropped, until REQUEST_MS: closing over unread bytes would reset the connection
  // and take the answer with it.
  request.resume();
};

const enrol = async (request: IncomingMessage, house: HttpHouse): Promise<Answer> => {
  const verdict = await judgeEnroll(request, house.isEnrollToken);
  if (verdict.kind === 'refused') return verdict.answer;
  const { machineId, reason, formerMachineId } = verdict.request;
  const enrolled = house.registry.enrol(machineId);
  house.record({
    kind: 'enrolled',
    agentId: enrolled.agentId,
    machineId,
    ...(reason !== undefined && { reason }),
    ...(formerMachineId !== undefined && { formerMachineId }),
  });
  // The former credential is void, and so is the session that it opened.
  house.sessions.closeAgent(enrolled.agentId, CLOSE.revoked);
  return { status: 201, headers: {}, body: JSON.stringify(enrolled) };
};

const acceptor = (house: HttpHouse): WebSocketServer => {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (offered) => bestProtocol(offered) ?? false,
  });
  // What is left to the library is syntax: its key, its protocol list.
  sockets.on('wsClientError', (_error, socket) => {
    refuse(socket, errorAnswer(400, 'bad-request'), house);
  });
  return sockets;
};

const refuse = (socket: Duplex, answer: Answer, house: HttpHouse): void => {
  house.record({ kind: 'session-refused', status: answer.status });
  refuseUpgrade(socket, answer);
};

const upgrade = (
  sockets: WebSocketServer,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
  house: HttpHouse,
): void => {
  const { refuseSession } = house.faults();
  if (stalls(house.faults(), 'upgrade')) {
    house.record({ kind: 'stalled', point: 'upgrade' });
    // Reads on, only to see the agent give up.
    return void socket.resume().once('end', () => socket.destroy());
  }
  if (refuseSession !== undefined) {
    refuse(socket, refusalAnswer(refuseSession), house);
    return;
  }
  const verdict = judgeUpgrade(request, house.registry);
  if (verdict.kind === 'refused') {
    refuse(socket, verdict.answer, house);
    return;
  }
  const admitted = house.admission.judge(verdict.agentId, performance.now());
  if (admitted.kind === 'later') {
    refuse(socket, busyUntil(admitted.waitMs), house);
    return;
  }
  sockets.handleUpgrade(request, socket, head, (link) => {
    house.sessions.open(link, socket, verdict.agentId);
  });
};
