/** Exchanges the enrolment token for the machine's credential: one HTTP request, `docs/relay-protocol.md`. */
import { type IncomingMessage, type RequestOptions, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { relayEndpoint } from '@guruconnect/shared/config';
import {
  ENROLL_PATH,
  type EnrollRequest,
  EnrollResponse,
  MAX_BODY_BYTES,
} from '@guruconnect/shared/relay-protocol';
import * as v from 'valibot';
import type { Route } from './network/route.ts';

export interface Enrollment {
  readonly relay: string;
  readonly token: string;
  readonly route: Route;
  readonly body: EnrollRequest;
  /** Aborts the request at any point of it. */
  readonly signal: AbortSignal;
}

/** Any answer but a valid 201. Its message quotes neither the token nor the answer's body. */
export class EnrollRefused extends Error {
  override readonly name = 'EnrollRefused';
  readonly status: number;
  /** The Retry-After header as it stands. */
  readonly retryAfter: string | undefined;
  /** The Date header as it stands. */
  readonly date: string | undefined;
  constructor({ statusCode = 0, headers }: IncomingMessage) {
    const hint = REFUSED.has(statusCode) ? ': is the token right?' : '';
    super(`the relay refused the enrolment with status ${statusCode}${hint}`);
    this.status = statusCode;
    this.retryAfter = headers['retry-after'];
    this.date = headers.date;
  }
}

const CREATED = 201;
/** The token is at fault. */
export const REFUSED: ReadonlySet<number> = new Set([401, 403]);

const readBody = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error(`the relay's answer is longer than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const post = (url: URL, options: RequestOptions, body: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    request(url, options, resolve)
      .on('error', reject)
      // Without a listener Node drops the socket and tells nobody.
      .on('upgrade', (_response, socket) => {
        socket.destroy();
        reject(new Error('the relay answered the enrolment with a switch of protocols'));
      })
      .end(body);
  });

const parseAnswer = (text: string): EnrollResponse => {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error('the relay answered the enrolment with something that is not JSON');
  }
  const answer = v.safeParse(EnrollResponse, data);
  if (!answer.success) throw new Error('the relay answered the enrolment with something unexpected');
  return answer.output;
};

/** @throws EnrollRefused, and Error for an answer that is not valid or does not come */
export const enroll = async ({
  relay,
  token,
  route,
  signal,
  ...given
}: Enrollment): Promise<EnrollResponse> => {
  const body = JSON.stringify(given.body);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  signal.addEventListener('abort', route.release, { once: true });
  // Without an agent the socket belongs to this one request, so nothing of it is left when it ends.
  const options = { method: 'POST', headers, signal, ...route.options };
  const response = await post(relayEndpoint(relay, ENROLL_PATH, 'http'), options, body);
  const text = await readBody(response);
  if (response.statusCode !== CREATED) throw new EnrollRefused(response);
  return parseAnswer(text);
};
