/** The scripts of the checkout that a bench uses: plain JavaScript, outside of what is compiled. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as NodePrograms from '../../scripts/node-programs.mjs';
import type * as Bundle from '../../scripts/package/bundle.mjs';
import { ROOT } from '../places.ts';

const load = (...path: readonly string[]): Promise<unknown> =>
  import(pathToFileURL(join(ROOT, 'scripts', ...path)).href);

export const nodePrograms = async () => (await load('node-programs.mjs')) as typeof NodePrograms;

/** It loads esbuild. */
export const bundle = async () => (await load('package', 'bundle.mjs')) as typeof Bundle;
