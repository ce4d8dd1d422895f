/** The way to the supervisor's pipe, and that it is the supervisor who serves it. */
import { Socket, connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type WorkerProcessAddon, loadChild, loadWorkerProcess } from '@guruconnect/native';
import type { Bootstrap } from '@guruconnect/shared/pipe-protocol';
import { socketDescriptor } from '@guruconnect/shared/socket-descriptor';
import { TIMING } from '@guruconnect/shared/timing';
import { within } from '@guruconnect/shared/within';

type Where = Pick<Bootstrap, 'pipe' | 'supervisorPid'>;

const strangeServer = (): Error => new Error("it is not the supervisor who serves the supervisor's pipe");
const noAnswer = (): Error => new Error("the supervisor's pipe does not answer");

const ACCESS_DENIED = 5;
const WAIT_TIMEOUT = 258;

/** By the addon: a server whom libuv's client connects to could act as that client, whoever it is. */
const connectSealed = async (addon: WorkerProcessAddon, { pipe, supervisorPid }: Where): Promise<Socket> => {
  const { error, fd } = await addon.sealedPipeOpen(pipe, supervisorPid, TIMING.bootstrap);
  if (error === ACCESS_DENIED) throw strangeServer();
  if (error === WAIT_TIMEOUT) throw noAnswer();
  if (error !== 0) throw new Error(`the supervisor's pipe cannot be opened: Windows error ${error}`);
  return new Socket({ fd, readable: true, writable: true });
};

const connected = (socket: Socket): Promise<Socket> =>
  new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket)).once('error', reject);
  });

/** connect(2) does not wait where so many others do that there is no more room. */
const isFull = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EAGAIN';

const reach = async (pipe: string): Promise<Socket | undefined> => {
  for (const end = performance.now() + TIMING.bootstrap; performance.now() < end;) {
    try {
      return await connected(connect(pipe));
    } catch (error) {
      if (!isFull(error)) throw error;
    }
    await pause(TIMING.pipeRetry);
  }
  return undefined;
};

/** `undefined` where the platform cannot be asked. */
const serverOf = (socket: Socket): number | undefined => {
  const peer = loadChild()?.peerOf(socketDescriptor(socket));
  return peer === undefined || peer.error !== 0 ? undefined : peer.pid;
};

const connectSocket = async ({ pipe, supervisorPid }: Where): Promise<Socket> => {
  const socket = await within(reach(pipe), TIMING.bootstrap);
  if (socket === undefined) throw noAnswer();
  if ((serverOf(socket) ?? supervisorPid) === supervisorPid) return socket;
  socket.destroy();
  throw strangeServer();
};

/** @throws Error where nobody answers in time, and where it is somebody else. */
export const connectSupervisor = (where: Where): Promise<Socket> => {
  const addon = loadWorkerProcess();
  return addon === undefined ? connectSocket(where) : connectSealed(addon, where);
};
