/** A load hook of Node's: what is fuzzed is instrumented as it is loaded. @see https://nodejs.org/api/module.html#loadurl-context-nextload */
import type { LoadHook } from 'node:module';
import { instrument } from './instrument.ts';

/** Our own packages, what checks messages for them, and the bugs that were planted to be found. */
const FUZZED = /\/(packages\/\w+\/dist\/.*|valibot\/dist\/index|test\/dist\/fuzz\/planted\/[^/]*)\.m?js$/;

export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  const name = FUZZED.exec(url)?.[1];
  if (name === undefined || loaded.format !== 'module' || loaded.source === undefined) return loaded;
  const source = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array);
  return { ...loaded, source: instrument(source.toString(), name).source };
};
