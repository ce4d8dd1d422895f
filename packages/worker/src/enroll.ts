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
import type { Route } from './network.ts';

export interface Enrollment {
  readonly relay: string;
  readonly token: string;
  readonly route: Route;
  readonly facts: EnrollRequest;
  /** Aborts the request at any point of it. */
  readonly signal: AbortSignal;
}

const CREATED = 201;

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

/** @throws Error for any answer but a valid 201; its message never quotes the token or the answer's body. */
export const enroll = async ({ relay, token, route, facts, signal }: Enrollment): Promise<EnrollResponse> => {
  const body = JSON.stringify(facts);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  signal.addEventListener('abort', route.release, { once: true });
  // No agent but the proxy's: the socket belongs to this one request, so nothing of it is left when it ends.
  const options = { method: 'POST', headers, signal, agent: false, ...route.options };
  const response = await post(relayEndpoint(relay, ENROLL_PATH, 'http'), options, body);
  const text = await readBody(response);
  if (response.statusCode !== CREATED) {
    const hint = response.statusCode === 401 || response.statusCode === 403 ? ': is the token right?' : '';
    throw new Error(`the relay refused the enrolment with status ${response.statusCode ?? 0}${hint}`);
  }
  return parseAnswer(text);
};
