/** What this program was built from. */
import { VERSION } from './identity.ts';

/** Set where the program is bundled: the bundler replaces the name by a text (esbuild's `define`). */
declare const GURUCONNECT_COMMIT: string | undefined;

/** The commit, or `development` where it runs from a checkout, which can be any: nobody is asked at run time. */
export const COMMIT = typeof GURUCONNECT_COMMIT === 'string' ? GURUCONNECT_COMMIT : 'development';

/** For a ticket. */
export const BUILD = { version: VERSION, commit: COMMIT, node: process.versions.node } as const;
