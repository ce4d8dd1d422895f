/**
 * What Node's permission model keeps the worker from: to start processes and threads, to load WASI and an inspector, and to write anywhere
 * but where its data are. A hurdle, and no boundary: addons may be loaded, our own among them, and what an addon does is not asked for. It
 * reads what its account may read: certificates may be anywhere. Before Node 22.13 the model is experimental, and not used. Pure.
 * @see https://nodejs.org/docs/latest-v22.x/api/permissions.html
 */
import { join } from 'node:path';

/** @param writable folders, absolute. @returns options of node's */
export const workerRestrictions = (
  writable: readonly string[],
  known: Pick<ReadonlySet<string>, 'has'> = process.allowedNodeEnvironmentFlags,
): readonly string[] =>
  known.has('--permission')
    ? [
        ...['--permission', '--allow-addons', '--allow-fs-read=*'],
        // From Node 25 on the network is a permission as well.
        ...(known.has('--allow-net') ? ['--allow-net'] : []),
        // Of addons Node warns at every start: it would be every worker's last words.
        '--disable-warning=SecurityWarning',
        ...writable.map((folder) => `--allow-fs-write=${join(folder, '*')}`),
      ]
    : [];
