/** Where the worker's program is: all that the supervisor knows of it, beside the pipe's protocol. */
import { fileURLToPath } from 'node:url';

export const WORKER_SCRIPT = fileURLToPath(new URL('../bin/guruconnect.js', import.meta.url));
