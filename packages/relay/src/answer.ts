import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from './faults.ts';

/** An HTTP answer with a JSON body. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** An answer whose body is `{"error": code}`. */
export const errorAnswer = (status: number, code: string, headers: Answer['headers'] = {}): Answer => ({
  status,
  headers,
  body: JSON.stringify({ error: code }),
});

/** 401 (RFC 6750 section 3): why the token did not do is not said. */
export const unauthorized = errorAnswer(401, 'unauthorized', {
  'WWW-Authenticate': 'Bearer realm="guruconnect"',
});

export const notFound = errorAnswer(404, 'not-found');

/** Come back at the slot; HTTP has whole seconds only. */
export const busyUntil = (waitMs: number): Answer =>
  errorAnswer(503, 'busy', { 'Retry-After': String(Math.ceil(waitMs / 1000)) });

export const methodNotAllowed = (allow: string): Answer =>
  errorAnswer(405, 'method-not-allowed', { Allow: allow });

/** The answer that a fault stands for. */
export const refusalAnswer = ({ status, retryAfter, body }: Refusal): Answer => ({
  status,
  headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter },
  body: body ?? JSON.stringify({ error: 'refused' }),
});

// An enrolment's answer holds a credential: no cache may keep it (RFC 9111 section 5.2.2.5).
const headersOf = (answer: Answer): Record<string, string> => ({
  ...answer.headers,
  'Cache-Control': 'no-store',
  'Content-Type': 'application/json',
  'Content-Length': String(Buffer.byteLength(answer.body)),
});

export const sendAnswer = (response: ServerResponse, answer: Answer): void => {
  response.writeHead(answer.status, headersOf(answer)).end(answer.body);
};

/** Refuses an upgrade: node:http hands over the bare socket, so the answer is written out. */
export const refuseUpgrade = (socket: Duplex, answer: Answer): void => {
  // RFC 9110 section 6.6.1; node:http sets it where it writes an answer itself.
  const date = new Date().toUTCString();
  const headers = Object.entries({
    ...headersOf(answer),
    Connection: 'close',
    Date: date,
    ...answer.headers,
  });
  const lines = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n${answer.body}`);
};
