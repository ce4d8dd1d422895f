/** Asks the supervisor of a data folder for its status. */
import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { loadManager } from '@guruconnect/native';
import { TIMING } from '@guruconnect/shared/timing';
import { messageOf } from '@guruconnect/shared/usage-error';
import { within } from '@guruconnect/shared/within';
import { type Reading, parseReading } from './live-status.ts';
import { WIN32, describeWin32 } from './manage/win32-error.ts';
import { statusAddress } from './status-address.ts';

export type Answer =
  | ({ readonly kind: 'answer' } & Reading)
  /** No supervisor serves this data folder. */
  | { readonly kind: 'nobody' }
  /** There is one, and it has not answered within {@link TIMING.statusAnswer}. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'failed'; readonly why: string };

/** Longer than any status is. */
const MAX_BYTES = 128 * 1024;

const understand = (text: string): Answer => {
  const reading = parseReading(text);
  return reading === undefined
    ? { kind: 'failed', why: 'the supervisor answers something else' }
    : { kind: 'answer', ...reading };
};

const read = (path: string): { readonly text: Promise<string>; readonly abandon: () => void } => {
  const socket = connect(path);
  const text = new Promise<string>((resolve, reject) => {
    let data = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      data = Buffer.concat([data, chunk]);
      if (data.length > MAX_BYTES) socket.destroy(new Error('the answer does not end'));
    });
    socket.once('end', () => {
      resolve(data.toString('utf8'));
    });
    socket.once('error', reject);
  });
  return { text, abandon: () => socket.destroy() };
};

const REFUSALS: Readonly<Record<string, Answer>> = {
  ENOENT: { kind: 'nobody' },
  ECONNREFUSED: { kind: 'nobody' },
  ENOTDIR: { kind: 'nobody' },
  EACCES: { kind: 'denied' },
  EPERM: { kind: 'denied' },
};

/** Below the temporary folder, anybody can be the first to use a name. */
const isTrusted = (path: string): boolean => {
  const self = process.getuid?.();
  const owner = statSync(path, { throwIfNoEntry: false })?.uid;
  return owner === undefined || self === 0 || owner === self;
};

const askSocket = async (path: string): Promise<Answer> => {
  if (!isTrusted(path)) return { kind: 'denied' };
  const { text, abandon } = read(path);
  try {
    const answer = await within(text, TIMING.statusAnswer);
    return answer === undefined ? { kind: 'silent' } : understand(answer);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return REFUSALS[code] ?? { kind: 'failed', why: messageOf(error) };
  } finally {
    abandon();
  }
};

/** A pipe's name can be taken by anybody while no supervisor has it: who answers must be who the status is of. */
const askPipe = async (name: string): Promise<Answer> => {
  const { error, server, text } = await loadManager().statusRead(name, TIMING.statusAnswer);
  if (error === WIN32.fileNotFound) return { kind: 'nobody' };
  if (error === WIN32.waitTimeout) return { kind: 'silent' };
  if (error === WIN32.accessDenied) return { kind: 'denied' };
  if (error !== 0) return { kind: 'failed', why: describeWin32(error) };
  const answer = understand(text);
  if (answer.kind !== 'answer' || answer.live.pid === server) return answer;
  return { kind: 'failed', why: `process ${server} answers for process ${answer.live.pid}` };
};

/** Never rejects where the addon, on Windows, is there. */
export const askStatus = (dataDir: string): Promise<Answer> => {
  const address = statusAddress(dataDir);
  return process.platform === 'win32' ? askPipe(address) : askSocket(address);
};
