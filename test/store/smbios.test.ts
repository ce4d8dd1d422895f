/** SMBIOS tables as firmware leaves them, and as nobody should. */
import { ownName, ownUuid, parseSmbios } from '@guruconnect/store/smbios';
import fc from 'fast-check';
import { test } from 'tap';

const UUID = '33221100-5544-7766-8899-aabbccddeeff';
const UUID_BYTES = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

const structure = (type: number, body: Uint8Array, strings: readonly string[] = []): Buffer => {
  const header = Buffer.from([type, 4 + body.length, 0, 0]);
  const text = strings.length === 0 ? '\0' : strings.map((one) => `${one}\0`).join('');
  return Buffer.concat([header, body, Buffer.from(`${text}\0`, 'latin1')]);
};
const raw = (...structures: readonly Buffer[]): Buffer => {
  const table = Buffer.concat(structures);
  const header = Buffer.from([0, 3, 2, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(table.length, 4);
  return Buffer.concat([header, table]);
};

const BIOS = structure(0, Buffer.alloc(20, 1), ['Some BIOS', '1.0']);
/** Strings: manufacturer, product, version, serial. */
const system = (
  uuid: Uint8Array = UUID_BYTES,
  strings = ['Maker Inc.', 'Model 7', '1', 'SERIAL-1'],
): Buffer => structure(1, Buffer.concat([Buffer.from([1, 2, 3, 4]), uuid, Buffer.from([6, 0, 0])]), strings);
const END = structure(127, Buffer.alloc(0));

test('the UUID, little-endian in its first three fields, and the names; no serial number', (t) => {
  t.strictSame(parseSmbios(raw(BIOS, system(), END)), {
    uuid: UUID,
    product: { manufacturer: 'Maker Inc.', model: 'Model 7' },
  });
  t.end();
});

test('a view into a larger buffer is read where it begins', (t) => {
  const table = raw(system(), END);
  const all = Buffer.concat([Buffer.alloc(13, 0xff), table]);
  t.equal(parseSmbios(new Uint8Array(all.buffer, all.byteOffset + 13, table.length)).uuid, UUID);
  t.end();
});

test('structures without strings, and of kinds that are not known, are passed over', (t) => {
  const oem = structure(200, Buffer.alloc(3, 9));
  t.equal(parseSmbios(raw(oem, oem, BIOS, system(), END)).uuid, UUID);
  t.end();
});

const without: Record<string, Buffer> = {
  'an empty table': raw(),
  'no header': Buffer.from([0, 3]),
  'nothing at all': Buffer.alloc(0),
  'no structure of the system': raw(BIOS, END),
  'one behind the end of the table': raw(END, system()),
  'a length of none': raw(Buffer.from([5, 0, 0, 0, 0, 0]), system()),
  'a structure that ends nowhere': raw(system()).subarray(0, -1),
  'a header that says the table is shorter': (() => {
    const table = raw(BIOS, system(), END);
    table.writeUInt32LE(BIOS.length, 4);
    return table;
  })(),
};
for (const [situation, table] of Object.entries(without)) {
  test(`${situation} tells nothing`, (t) => {
    t.strictSame(parseSmbios(table), { product: {} });
    t.end();
  });
}

test('a system of before UUIDs (SMBIOS 2.0) has names only', (t) => {
  const old = structure(1, Buffer.from([1, 2, 3, 4]), ['Maker', 'Model', '1', 'S']);
  t.strictSame(parseSmbios(raw(old)), { product: { manufacturer: 'Maker', model: 'Model' } });
  t.end();
});

test('a string number that leads nowhere is no name', (t) => {
  t.strictSame(parseSmbios(raw(system(UUID_BYTES, ['Maker']))).product, { manufacturer: 'Maker' });
  t.end();
});

for (const bad of [
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  '03000200-0400-0500-0006-000700080009',
  '00020003-0004-0005-0006-000700080009',
  '12345678-1234-5678-90ab-cddeefaabbcc',
  '58585858-5858-5858-5858-585858585858',
  'fefefefe-fefe-fefe-fefe-fefefefefefe',
  'Not Settable',
  '',
  `${UUID}0`,
]) {
  test(`"${bad}" is no machine's own`, (t) => {
    t.equal(ownUuid(bad), undefined);
    t.end();
  });
}

test('the known bad UUID is found in the bytes of a table as well', (t) => {
  const bytes = Buffer.from('00020003000400050006000700080009', 'hex');
  t.strictSame(parseSmbios(raw(system(bytes))), {
    product: { manufacturer: 'Maker Inc.', model: 'Model 7' },
  });
  t.end();
});

test('a UUID is the same in either case, and with a line end', (t) => {
  t.equal(ownUuid(`${UUID.toUpperCase()}\n`), UUID);
  t.end();
});

test('names that nobody filled in are none', (t) => {
  for (const name of [
    'To Be Filled By O.E.M.',
    'To be filled by OEM',
    'System manufacturer',
    'System Product Name',
    'Default string',
    'Not Specified',
    'O.E.M.',
    'None',
    ' ',
    '...',
    'xxxx',
    '00000',
  ])
    t.equal(ownName(name), undefined, name);
  t.equal(ownName(' Max\u0007Data\n'), 'Max Data');
  t.equal(ownName('xy'.repeat(200))?.length, 256);
  t.end();
});

test('whatever the firmware left there, reading it ends, and throws nothing', (t) => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const bodies = fc.tuple(
    fc.nat(255),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(fc.string(), { maxLength: 4 }),
  );
  const tables = fc.array(bodies, { maxLength: 6 }).map((all) => raw(...all.map((one) => structure(...one))));
  const cut = fc.tuple(tables, fc.nat(200)).map(([table, end]) => table.subarray(0, end));
  fc.assert(
    fc.property(fc.oneof(bytes, tables, cut), (table) => {
      const { uuid, product } = parseSmbios(table);
      return (
        (uuid === undefined || ownUuid(uuid) === uuid) &&
        [product.manufacturer, product.model].every((name) => name === undefined || name.length <= 256)
      );
    }),
    { numRuns: 2000 },
  );
  t.pass('two thousand tables');
  t.end();
});
