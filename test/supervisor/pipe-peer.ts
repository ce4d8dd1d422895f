/** Both ends of a bridge, for a test to play the worker and the strangers. */
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PIPE_VERSION, encode } from '@guruconnect/shared/pipe-protocol';
import { loadChild } from '@guruconnect/native';
import { type Bridge, openBridge } from '@guruconnect/supervisor/bridge';
import { openSocketDoor } from '@guruconnect/supervisor/socket-door';
import type { Test } from 'tap';

export const TOKEN = 'c0ffee00c0ffee00c0ffee00c0ffee00';
export const HELLO = encode({ kind: 'hello', version: PIPE_VERSION, token: TOKEN, pid: process.pid });

export interface BridgeUnderTest {
  readonly bridge: Bridge;
  /** Where its door is. */
  readonly path: string;
  /** How many were turned away for what they said, or for who they are. */
  strangers(): number;
  /** Every callback but those of strangers, in order: `ready`, `lost`, or the message itself. */
  readonly told: readonly unknown[];
  /** Resolves when there have been `count` callbacks in all. */
  until(count: number): Promise<void>;
}

export interface TestBridgeOptions {
  /** Of the worker that it expects, where that is not this process. */
  readonly pid?: number;
  /** Who tells where a connection comes from; the addon, unless there is to be nobody. */
  readonly peers?: ReturnType<typeof loadChild> | 'nobody';
}

export const openTestBridge = async (
  t: Test,
  { pid = process.pid, peers = loadChild() }: TestBridgeOptions = {},
): Promise<BridgeUnderTest> => {
  const told: unknown[] = [];
  let strangers = 0;
  const more = new EventEmitter();
  const note = (what: unknown): void => {
    told.push(what);
    more.emit('told');
  };
  const door = await openSocketDoor(peers === 'nobody' ? undefined : peers);
  const bridge = openBridge(door, pid, TOKEN, {
    ready: () => {
      note('ready');
    },
    beat: note,
    fault: note,
    stranger: () => {
      strangers += 1;
    },
    asked: note,
    lost: () => {
      note('lost');
    },
  });
  t.teardown(() => {
    bridge.close();
  });
  const until = async (count: number): Promise<void> => {
    while (told.length < count) await once(more, 'told');
  };
  return { bridge, path: door.path, told, strangers: () => strangers, until };
};

export interface Peer {
  readonly socket: Socket;
  /** Everything the bridge has said so far. */
  heard(): string;
  /** Resolves when the bridge has said `text`, and nothing else. */
  hears(text: string): Promise<void>;
  /** Resolves when the connection has ended, from whichever side. */
  readonly closed: Promise<void>;
}

/** Connects, and says something at once. */
export const connectPeer = async (t: Test, path: string, words = ''): Promise<Peer> => {
  const socket = connect(path);
  t.teardown(() => socket.destroy());
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
  await once(socket, 'connect');
  if (words !== '') socket.write(words);
  const hears = async (text: string): Promise<void> => {
    while (heard.length < text.length) await once(socket, 'data');
    t.equal(heard, text);
  };
  return { socket, heard: () => heard, hears, closed };
};

/** A worker, admitted. */
export const connectWorker = async (t: Test, { path, until, told }: BridgeUnderTest): Promise<Peer> => {
  const peer = await connectPeer(t, path, HELLO);
  await until(told.length + 1);
  return peer;
};

const GONE_MS = 2_000;

/** Whether the bridge's folder goes; no event tells of it. */
export const folderGoes = async ({ path }: Pick<BridgeUnderTest, 'path'>): Promise<boolean> => {
  const folder = dirname(path);
  for (const end = Date.now() + GONE_MS; existsSync(folder) && Date.now() < end;) await pause(5);
  return !existsSync(folder);
};
