// Modules come from the agent's own folder or not at all. A package that asks for another one which is not installed
// (`ws` for bufferutil, say) would otherwise find it in C:\node_modules, which every user may make.
import Module from 'node:module';
import { join, sep } from 'node:path';

/** The folder of the agent: that of the checkout, or the one whose `node_modules` the agent was installed into. */
export const ownRoot = (launcher) => {
  const at = launcher.indexOf(`${sep}node_modules${sep}`);
  return at === -1 ? join(launcher, '..', '..', '..', '..') : launcher.slice(0, at);
};

/** From now on `require` looks no further up than `root`. */
export const keepToOwnModules = (root) => {
  const inRoot = root.endsWith(sep) ? root : `${root}${sep}`;
  const lookup = Module._nodeModulePaths;
  Module._nodeModulePaths = (from) => lookup(from).filter((folder) => folder.startsWith(inRoot));
};
