import type { IncomingMessage } from 'node:http';
import { EnrollRequest, MAX_BODY_BYTES } from '@guruconnect/shared/relay-protocol';
import * as v from 'valibot';
import { errorAnswer, methodNotAllowed, unauthorized, type Answer } from './answer.ts';
import { bearerOf } from './secrets.ts';

/** The outcome of one enrolment request: the machine to enrol, or the answer that refuses it. */
export type EnrollVerdict =
  | { readonly kind: 'accepted'; readonly request: EnrollRequest }
  | { readonly kind: 'refused'; readonly answer: Answer };

const refused = (answer: Answer): EnrollVerdict => ({ kind: 'refused', answer });

/**
 * Judges `POST /v1/enroll`, cheapest check first: nothing of a body is read for a stranger. Rejects if the agent leaves
 * before its body is complete.
 */
export const judgeEnroll = async (
  request: IncomingMessage,
  isEnrollToken: (token: string) => boolean,
): Promise<EnrollVerdict> => {
  if (request.method !== 'POST') return refused(methodNotAllowed('POST'));
  const token = bearerOf(request.headers.authorization);
  if (token === undefined || !isEnrollToken(token)) return refused(unauthorized);
  if (!isJson(request.headers['content-type'])) return refused(errorAnswer(415, 'unsupported-media-type'));
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === undefined) return refused(errorAnswer(413, 'body-too-large'));
  return judgeBody(body);
};

/** Judges the body alone: UTF-8 JSON of an {@link EnrollRequest}. */
export const judgeBody = (body: Uint8Array): EnrollVerdict => {
  const request = v.safeParse(EnrollRequest, parseJson(body));
  return request.success
    ? { kind: 'accepted', request: request.output }
    : refused(errorAnswer(400, 'bad-request'));
};

const isJson = (contentType: string | undefined): boolean =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';

const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
};

/** The body, or undefined as soon as it proves longer than `limit` bytes. */
const readBody = async (request: IncomingMessage, limit: number): Promise<Uint8Array | undefined> => {
  if (Number(request.headers['content-length'] ?? 0) > limit) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop must not destroy the socket: the 413 has yet to go out on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
