/**
 * Every file and folder that the agent's code is loaded from: a safe folder does not make what was put into it safe. A checkout's
 * tools for development are among them; to tell them apart would take a resolver of our own, to save a second or two.
 */
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '@guruconnect/shared/usage-error';
import type { CodePaths } from './path-safety.ts';

/** What is loaded of a package of ours; its sources are not. */
const OF_A_PACKAGE: ReadonlySet<string> = new Set(['bin', 'build', 'dist', 'node_modules', 'package.json']);

/** Below Program Files a link can be an administrator's only, but what it leads to can be anybody's. */
const targetOf = (link: string): string => {
  try {
    return realpathSync.native(link);
  } catch {
    throw new UsageError(
      `${link}: leads nowhere, and whoever makes what it leads to could change the program`,
    );
  }
};

/** The checkout, or the folder whose `node_modules` the agent was installed into. Pure. @param script the launcher. */
export const rootOf = (script: string): string => {
  const at = script.search(/[\\/]node_modules[\\/]/);
  return at === -1 ? join(script, '..', '..', '..', '..') : script.slice(0, at);
};

/** @param root without links: of the checkout, or of what was deployed. @throws UsageError for a link to nowhere, and where there is no code. */
export const programFiles = (root: string): CodePaths => {
  const files = new Set<string>();
  const folders = new Set<string>();
  const packages = join(root, 'packages');
  const isLoaded = (folder: string, name: string): boolean =>
    dirname(folder) !== packages || OF_A_PACKAGE.has(name);
  // Folder by folder: readdir's own recursion takes fifteen times as long under Wine.
  const enter = (folder: string): void => {
    if (folders.has(folder)) return;
    folders.add(folder);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (!isLoaded(folder, entry.name)) continue;
      if (entry.isDirectory()) enter(path);
      else files.add(path);
      if (entry.isSymbolicLink()) follow(targetOf(path));
    }
  };
  const follow = (target: string): void => {
    if (statSync(target).isDirectory()) enter(target);
    else files.add(target);
  };
  for (const name of ['node_modules', 'packages']) if (existsSync(join(root, name))) enter(join(root, name));
  // To have looked at nothing is not to have found nothing.
  if (files.size === 0)
    throw new UsageError(`${root}: the program's code is not found there, and cannot be checked`);
  return { files: [...files], folders: [...folders] };
};
