/** How this very program is started again: as the worker, by the SCM, as a guard. */
import { isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';

/** The launcher, absolute; `undefined`: the executable is the whole program. */
export const OWN_SCRIPT: string | undefined = isSea()
  ? undefined
  : fileURLToPath(new URL('../bin/guruconnect.js', import.meta.url));
