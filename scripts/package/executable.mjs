// Node's own node.exe becomes guruconnect.exe: our name, version and icon, our program in it, and no ear for Node's environment.
import { readFileSync } from 'node:fs';
import { NtExecutable, NtExecutableResource } from 'pe-library';
import { Data, Resource } from 'resedit';
import { deafen } from './environment.mjs';

const RT_RCDATA = 10;
const ENGLISH = { lang: 1033, codepage: 1200 };
/** Names that Node looks for. @see https://nodejs.org/docs/latest-v22.x/api/single-executable-applications.html */
const BLOB = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:';

const toArrayBuffer = (buffer) =>
  buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);

/** A single byte that says whether there is a program inside. */
function lightFuse(bytes) {
  const at = bytes.indexOf(`${FUSE}0`);
  if (at === -1 || bytes.indexOf(FUSE, at + 1) !== -1) throw new Error('node.exe has no fuse, or two');
  bytes[at + FUSE.length] = '1'.charCodeAt(0);
}

/** @param {{ name: string, value: string }[]} strings of the version resource; version: `1.2.3` */
function describe(resource, { version, strings }) {
  const [info] = Resource.VersionInfo.fromEntries(resource.entries);
  if (info === undefined) throw new Error('node.exe has no version resource');
  for (const language of info.getAllLanguagesForStringValues()) {
    for (const name of Object.keys(info.getStringValues(language))) info.removeStringValue(language, name);
  }
  info.setStringValues(ENGLISH, strings);
  const numbers = version.split('.').map(Number);
  info.setFileVersion(...numbers, 0, ENGLISH.lang);
  info.setProductVersion(...numbers, 0, ENGLISH.lang);
  info.outputToResourceEntries(resource.entries);
}

function draw(resource, icon) {
  const groups = Resource.IconGroupEntry.fromEntries(resource.entries);
  const { icons } = Data.IconFile.from(toArrayBuffer(icon));
  const images = icons.map(({ data }) => data);
  for (const { id, lang } of groups)
    Resource.IconGroupEntry.replaceIconsForResource(resource.entries, id, lang, images);
}

/**
 * @param {{ node: string, blob: Buffer, icon: Buffer, version: string, strings: Record<string, string> }} parts node: the file of node.exe
 * @returns {Buffer} the program, not signed
 */
export function makeExecutable({ node, blob, icon, version, strings }) {
  // What Node signed is no longer what this is.
  const executable = NtExecutable.from(readFileSync(node), { ignoreCert: true });
  const resource = NtExecutableResource.from(executable);
  resource.replaceResourceEntry({ type: RT_RCDATA, id: BLOB, ...ENGLISH, bin: toArrayBuffer(blob) });
  describe(resource, { version, strings });
  draw(resource, icon);
  resource.outputResource(executable);
  const bytes = Buffer.from(executable.generate());
  lightFuse(bytes);
  deafen(bytes);
  return bytes;
}
