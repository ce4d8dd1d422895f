/**
 * The system's UUID and names out of a raw SMBIOS table. Pure; the table is whatever a firmware left there, so nothing of
 * it is believed, and nothing here throws.
 *
 * @see https://www.dmtf.org/standards/smbios DSP0134, 6.1.2 (structure header), 6.1.3 (strings), 7.2 (type 1)
 */

export interface Product {
  readonly manufacturer?: string;
  readonly model?: string;
}

export interface SystemInformation {
  /** In lower case; left out where it is missing or one of those that many machines have. */
  readonly uuid?: string;
  readonly product: Product;
}

/** RawSMBIOSData: calling method, major and minor version, DMI revision, then a 32-bit length. */
const HEADER_BYTES = 8;
const STRUCTURE_BYTES = 4;
const SYSTEM = 1;
const END_OF_TABLE = 127;
const UUID_AT = 8;
const UUID_BYTES = 16;
const MAX_TEXT = 256;

/** Left as they were delivered by makers of boards and of virtual machines. */
const KNOWN_BAD: ReadonlySet<string> = new Set([
  '03000200-0400-0500-0006-000700080009',
  '00020003-0004-0005-0006-000700080009',
  '12345678-1234-5678-90ab-cddeefaabbcc',
  '12345678-1234-1234-1234-123456789abc',
  '01234567-8910-1112-1314-151617181920',
  '01020304-0506-0708-090a-0b0c0d0e0f10',
  '00010203-0405-0607-0809-0a0b0c0d0e0f',
  '00112233-4455-6677-8899-aabbccddeeff',
  '4c4c4544-0000-2010-8020-80c04f202020',
]);

/** All zeros, all ones, one letter all over: no UUID that was ever drawn has so few different bytes. */
const LEAST_DIFFERENT_BYTES = 4;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @returns in lower case; `undefined` for what is no UUID, or no machine's own. */
export const ownUuid = (text: string): string | undefined => {
  const uuid = text.trim().toLowerCase();
  if (!UUID.test(uuid) || KNOWN_BAD.has(uuid)) return undefined;
  const bytes = new Set(Buffer.from(uuid.replaceAll('-', ''), 'hex'));
  return bytes.size < LEAST_DIFFERENT_BYTES ? undefined : uuid;
};

const PLACEHOLDER =
  /^(?:to be filled by o\.?e\.?m\.?|o\.?e\.?m\.?|system manufacturer|system (?:product )?name|default string|not (?:specified|applicable|available)|none|n\/a|unknown|x+|0+|\?+|[^\p{L}\p{N}]*)$/iu;

/** A name for people; `undefined` for one that nobody filled in. */
export const ownName = (text: string): string | undefined => {
  const name = text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT);
  return PLACEHOLDER.test(name) ? undefined : name;
};

export const productOf = (manufacturer = '', model = ''): Product => {
  const names = { manufacturer: ownName(manufacturer), model: ownName(model) };
  return {
    ...(names.manufacturer !== undefined && { manufacturer: names.manufacturer }),
    ...(names.model !== undefined && { model: names.model }),
  };
};

interface Structure {
  readonly type: number;
  readonly formatted: Buffer;
  readonly strings: readonly string[];
  /** Offset of the next one. */
  readonly end: number;
}

const structureAt = (table: Buffer, start: number): Structure | undefined => {
  if (start + STRUCTURE_BYTES > table.length) return undefined;
  const [type = 0, length = 0] = table.subarray(start, start + 2);
  if (length < STRUCTURE_BYTES || start + length > table.length) return undefined;
  const end = table.indexOf('\0\0', start + length, 'latin1');
  if (end < 0) return undefined;
  const formatted = table.subarray(start, start + length);
  const strings = table.toString('latin1', start + length, end).split('\0');
  return { type, formatted, strings, end: end + 2 };
};

/** The first three fields are little-endian, as Windows and DSP0134 since 2.6 have it. */
const uuidIn = (formatted: Buffer): string | undefined => {
  if (formatted.length < UUID_AT + UUID_BYTES) return undefined;
  const bytes = Buffer.from(formatted.subarray(UUID_AT, UUID_AT + UUID_BYTES));
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  const hex = bytes.toString('hex');
  return ownUuid(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
};

const readSystem = ({ formatted, strings }: Structure): SystemInformation => {
  /** Strings are counted from 1; 0 is none. */
  const textAt = (offset: number): string | undefined => strings[(formatted[offset] ?? 0) - 1];
  const uuid = uuidIn(formatted);
  return { ...(uuid !== undefined && { uuid }), product: productOf(textAt(4), textAt(5)) };
};

/** @param raw as GetSystemFirmwareTable('RSMB') gives it. */
export const parseSmbios = (raw: Uint8Array): SystemInformation => {
  const all = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  if (all.length < HEADER_BYTES) return { product: {} };
  const table = all.subarray(HEADER_BYTES, HEADER_BYTES + all.readUInt32LE(4));
  let structure = structureAt(table, 0);
  while (structure !== undefined && structure.type !== END_OF_TABLE) {
    if (structure.type === SYSTEM) return readSystem(structure);
    structure = structureAt(table, structure.end);
  }
  return { product: {} };
};
