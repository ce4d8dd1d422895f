/** The door on Windows: a named pipe that only LocalSystem and the worker's user may open, and only from this machine. */
import { randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import type { NativePipeEnd, WorkerProcessAddon } from '@guruconnect/native';
import { pipeDescriptorOf } from '@guruconnect/shared/descriptor';
import type { Door, Knocks } from './door.ts';
import { WIN32, Win32Error } from './manage/win32-error.ts';

type Addon = Pick<
  WorkerProcessAddon,
  'processUser' | 'sealedPipeCreate' | 'sealedPipeAccept' | 'sealedPipeClose'
>;

const NAME_BYTES = 16;
/** A name that is taken has been guessed, which does not happen, or comes from a generator that is broken. */
const MAX_NAMES = 3;

const freshName = (): string => `\\\\.\\pipe\\guruconnect-worker-${randomBytes(NAME_BYTES).toString('hex')}`;

const isTaken = (error: number): boolean => error === WIN32.accessDenied || error === WIN32.pipeBusy;

const userOf = (addon: Addon): string => {
  const { error, sid } = addon.processUser();
  if (error !== 0) throw new Win32Error(error, 'GetTokenInformation', 'of this process');
  return sid;
};

const create = (addon: Addon, sddl: string, makeName: () => string) => {
  for (let tries = 1; ; tries += 1) {
    const path = makeName();
    const { error, id } = addon.sealedPipeCreate(path, sddl);
    if (error === 0) return { path, id };
    if (!isTaken(error) || tries === MAX_NAMES) throw new Win32Error(error, 'CreateNamedPipe', path);
  }
};

/**
 * @param onError the pipe has failed: nobody can come in any more.
 * @param user of the worker, where it is not our own.
 * @throws Win32Error where the pipe cannot be made.
 */
export const openSealedDoor = (
  addon: Addon,
  onError: (error: unknown) => void,
  user = userOf(addon),
  makeName = freshName,
): Door => {
  const { path, id } = create(addon, pipeDescriptorOf(user), makeName);
  // The addon waits on a thread: what comes of it may come after the closing, and be the client, 995, or 6 where it had not begun.
  let isClosed = false;
  const accepted = ({ error, fd, strangers }: NativePipeEnd, { knock, stranger }: Knocks): void => {
    if (strangers > 0) stranger();
    if (error === 0) {
      const socket = new Socket({ fd, readable: true, writable: true });
      if (isClosed) socket.on('error', () => undefined).destroy();
      else knock(socket);
    } else if (!isClosed) onError(new Win32Error(error, 'ConnectNamedPipe', path));
  };
  return {
    path,
    open: (pid, on) => {
      addon.sealedPipeAccept(id, pid).then((end) => {
        accepted(end, on);
      }, onError);
    },
    close: () => {
      isClosed = true;
      addon.sealedPipeClose(id);
    },
  };
};
