/** Where the marks of a machine are found. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { posixMachine, windowsMachine } from '@guruconnect/store/machine-marks';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const UUID = '33221100-5544-7766-8899-aabbccddeeff';

const rootWith = (t: Test, files: Readonly<Record<string, string>>): string => {
  const root = tempDir(t);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
};

test('elsewhere than on Windows they are in files', async (t) => {
  const root = rootWith(t, {
    'sys/class/dmi/id/product_uuid': `${UUID}\n`,
    'sys/class/dmi/id/sys_vendor': 'Maker\n',
    'sys/class/dmi/id/product_name': 'To Be Filled By O.E.M.\n',
    'etc/machine-id': 'abcdef0123456789abcdef0123456789\n',
  });
  t.match(await posixMachine(root)(), {
    marks: { hardware: UUID, system: 'abcdef01-2345-6789-abcd-ef0123456789' },
    product: { manufacturer: 'Maker', model: undefined },
  });
});

for (const id of [
  '',
  'uninitialized\n',
  `${'0'.repeat(32)}\n`,
  'abcdef',
  'not a machine id, but 32 letters',
]) {
  test(`a machine-id of ${JSON.stringify(id)} is of no machine`, async (t) => {
    const { marks, product } = await posixMachine(rootWith(t, { 'etc/machine-id': id }))();
    t.same(marks, { hardware: undefined, system: undefined });
    t.same(product, {});
  });
}

const GUID = 'AABBCCDD-0011-2233-4455-66778899AABB';
const nothing = new Uint8Array();

test('on Windows what is refused is left out, and the rest is there', async (t) => {
  const machineGuid = () => Promise.resolve({ error: 0, text: GUID });
  for (const firmwareTable of [
    () => Promise.resolve({ error: 1, data: nothing }),
    () => Promise.reject(new Error('no memory')),
  ])
    t.match(await windowsMachine({ firmwareTable, machineGuid })(), {
      marks: { hardware: undefined, system: GUID.toLowerCase() },
    });
  const none = await windowsMachine({
    firmwareTable: () => Promise.resolve({ error: 0, data: nothing }),
    machineGuid: () => Promise.resolve({ error: 2, text: '' }),
  })();
  t.same(none, { marks: { hardware: undefined, system: undefined }, product: {} });
});
