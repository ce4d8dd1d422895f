/** The script that makes what is made from the table of events: it lies outside of what tsc compiles. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as EventMessages from '../../scripts/event-messages.mjs';
import { ROOT } from './program.ts';

export const eventScript = async (): Promise<typeof EventMessages> =>
  (await import(pathToFileURL(join(ROOT, 'scripts', 'event-messages.mjs')).href)) as typeof EventMessages;
