/** Where the addon is: in a checkout where it was built, with the packaged program in a folder beside that. */
import { dirname } from 'node:path';
import { getAsset, getRawAsset, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';
import { unpackAddon } from './unpacked-addon.ts';

/** Names of the assets, as scripts/package gives them. */
const ASSET = { addon: 'guruconnect.node', hash: 'guruconnect.node.sha256' } as const;

const builtFile = (): string =>
  fileURLToPath(
    new URL(`../build/${process.platform}-${process.arch}/Release/guruconnect.node`, import.meta.url),
  );

/**
 * Absolute. The packaged program's is there, and what it should be, when this returns.
 * @throws Error of the file system, or that the file is another one
 */
export const addonFile = (): string =>
  isSea()
    ? unpackAddon(
        Buffer.from(getRawAsset(ASSET.addon) as ArrayBuffer),
        getAsset(ASSET.hash, 'utf8'),
        dirname(process.execPath),
      )
    : builtFile();
