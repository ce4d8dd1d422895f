/** Whether somebody holds the name of a claim already. */
import { connect } from 'node:net';
import { type ManagerAddon, NativeError, loadManager } from '@guruconnect/native';
import { TIMING } from '@guruconnect/shared/timing';
import { WIN32 } from './manage/win32-error.ts';

export type Probe = (name: string) => Promise<boolean>;

const isAnswered: Probe = (path) =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });

const loadReader = (): Pick<ManagerAddon, 'statusRead'> | undefined => {
  try {
    return loadManager();
  } catch (error) {
    if (error instanceof NativeError) return undefined;
    throw error;
  }
};

/**
 * Never through node:net: whoever was first with the name (anybody can be) could then act as us, who may be LocalSystem. The
 * addon lets him identify us and no more. Without it listening alone tells: libuv asks to be the pipe's first server,
 * which Windows heeds and Wine does not.
 */
export const pipeProbe =
  (reader: Pick<ManagerAddon, 'statusRead'> | undefined): Probe =>
  async (name) => {
    if (reader === undefined) return false;
    return (await reader.statusRead(name, TIMING.statusAnswer)).error !== WIN32.fileNotFound;
  };

export const claimProbe = (platform: NodeJS.Platform): Probe =>
  platform === 'win32' ? pipeProbe(loadReader()) : isAnswered;
