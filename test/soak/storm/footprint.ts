/** What a process of the agent's holds, as Linux tells of it. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

export interface Footprint {
  /** Open file descriptors. */
  readonly fds: number;
  /** Those of them that are sockets and pipes: what libuv has a handle for. */
  readonly sockets: number;
  readonly threads: number;
  /** Anonymous resident memory, in KB: what is its own, without the image that is shared. */
  readonly anonKB: number;
}

const numberOf = (status: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? NaN);

/** It may be closed between two looks. */
const linkOf = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
};

/** @throws Error of the system's where there is no such process. */
export const footprintOf = (pid: number): Footprint => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  return {
    fds: links.length,
    sockets: links.filter((link) => /^(?:socket|pipe):/.test(link)).length,
    threads: numberOf(status, 'Threads'),
    anonKB: numberOf(status, 'RssAnon'),
  };
};
