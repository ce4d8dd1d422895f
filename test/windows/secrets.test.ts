import { lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { managerCalls } from '../helpers/manager-calls.ts';
import { NO_BYTES, type Step, bytesOf, encoded, secretsCalls } from '../helpers/secrets-calls.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { openLab, toWindowsPath, windowsUnavailable } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
const SDDL = 'O:BAG:SYD:P(A;;FA;;;SY)(A;;FA;;;BA)';
const SYSTEM = 'S-1-5-18';
/** Everyone, the users, who is authenticated. */
const OTHERS = ['S-1-1-0', 'S-1-5-32-545', 'S-1-5-11'];
const INHERITED_ACE = 0x10;
const MOST = 64 * 1024;

const plainOf = (length: number) =>
  Buffer.from(Array.from({ length }, (_, i) => (i * 167 + (i >> 8)) & 0xff));
/** Eight bytes from each place near the front, which no chance puts into a text of some kilobytes. */
const windowsOf = (plain: Buffer) =>
  Array.from({ length: Math.max(0, Math.min(200, plain.length - 7)) }, (_, at) => plain.subarray(at, at + 8));

/** The structures behind the eight bytes of RawSMBIOSData (DSP0134, 6.1): type and formatted part. */
const structuresOf = (raw: Buffer): readonly { readonly type: number; readonly formatted: Buffer }[] => {
  const table = raw.subarray(8);
  const found: { type: number; formatted: Buffer }[] = [];
  for (let at = 0; at + 4 <= table.length;) {
    const length = table.readUInt8(at + 1);
    if (length < 4) throw new Error(`a structure of ${length} bytes at ${at}`);
    found.push({ type: table.readUInt8(at), formatted: table.subarray(at, at + length) });
    const end = table.indexOf('\0\0', at + length, 'latin1');
    if (end < 0) throw new Error(`the texts of the structure at ${at} have no end`);
    at = end + 2;
  }
  return found;
};

void test('what the secret store needs of Windows', { skip, timeout: 180_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  const manage = managerCalls(lab);
  const calls = secretsCalls(lab);

  await suite.test('what one process seals another one opens, from nothing to 64 KiB', async (t) => {
    const plains = [0, 1, 40, MOST].map(plainOf);
    const entropies = ['', 'entropy', 'entropy', 'e'.repeat(1000)].map((text) => Buffer.from(text));
    const steps = plains.map((plain, i) => [plain, entropies[i] ?? plain].map(encoded));
    const sealed = (await calls(t, ...steps.map((args) => ['protectData', ...args] as const))).map(bytesOf);
    const opened = await calls(
      t,
      ...sealed.map(({ data }, i) => ['unprotectData', encoded(data), steps[i]?.[1]] as const),
    );
    for (const [i, plain] of plains.entries()) {
      const { error, data } = sealed[i] ?? { error: -1, data: plain };
      t.equal(error, 0, `sealed ${plain.length} bytes`);
      t.ok(data.length > plain.length, `${data.length} bytes come of it`);
      t.notOk(
        windowsOf(plain).some((part) => data.includes(part)),
        'of which none are the plain ones',
      );
      t.same(bytesOf(opened[i]), { error: 0, data: plain }, 'opened');
    }
  });

  await suite.test('another entropy, damage or something else altogether is an error', async (t) => {
    const [plain, entropy] = [plainOf(64), Buffer.from('entropy')];
    const { data } = bytesOf((await calls(t, ['protectData', encoded(plain), encoded(entropy)]))[0]);
    // Not in the numbers of the key, which stand near the front: Wine has none and passes over them.
    const damaged = [0, data.length >> 1, data.length - 20, data.length - 1].map((at) => {
      const copy = Buffer.from(data);
      copy.writeUInt8(copy.readUInt8(at) ^ 0x40, at);
      return copy;
    });
    const cut = [0, 1, 20, data.length >> 1, data.length - 1].map((length) => data.subarray(0, length));
    const refused: readonly (readonly [Uint8Array, Uint8Array])[] = [
      ...['', 'Entropy', 'entropy '].map((other) => [data, Buffer.from(other)] as const),
      ...[...damaged, ...cut, plain, plainOf(MOST)].map((bytes) => [bytes, entropy] as const),
    ];
    const outcomes = await calls(
      t,
      ...refused.map(([bytes, with_]) => ['unprotectData', encoded(bytes), encoded(with_)] as const),
      ['unprotectData', encoded(data), encoded(entropy)],
    );
    for (const [i, outcome] of outcomes.slice(0, -1).entries()) {
      const { error, data: opened } = bytesOf(outcome);
      t.ok(error > 0 && opened.length === 0, `${i}: error ${error}`);
    }
    t.equal(bytesOf(outcomes[0]).error, 13, 'which one it is for another entropy');
    t.same(bytesOf(outcomes.at(-1)), { error: 0, data: plain }, 'and the right bytes still open');
  });

  await suite.test('a file is protected from its first moment, and made once', async (t) => {
    const folder = tempDir(t);
    const file = join(folder, 'credential');
    const path = toWindowsPath(file);
    const make = (name: string, sddl = SDDL): Step => [
      'makeProtectedFile',
      toWindowsPath(join(folder, name)),
      sddl,
    ];
    mkdirSync(join(folder, 'folder'));
    const made = await calls(t, make('credential'));
    t.same(made, [{ value: 0 }]);
    t.equal(lstatSync(file).size, 0);
    const [read] = await manage(['addon', 'fileSecurity', path]);
    const { error, aces } = read?.value as {
      error: number;
      aces: { type: number; flags: number; sid: string }[];
    };
    const sids = aces.map(({ sid }) => sid);
    t.equal(error, 0);
    t.ok(sids.includes(SYSTEM), sids.join());
    t.ok(
      OTHERS.every((sid) => !sids.includes(sid)),
      'nobody else',
    );
    t.ok(
      aces.every(({ type, flags }) => type === 0 && (flags & INHERITED_ACE) === 0),
      'nothing inherited',
    );
    writeFileSync(file, 'sealed');
    const outcomes = await calls(
      t,
      ...[make('credential'), make('folder'), make(join('missing', 'credential'))],
      ...['D:P(A;;FA;;;SY)', 'O:BA', 'nonsense'].map((sddl, i) => make(`unmade-${i}`, sddl)),
    );
    t.same(
      outcomes.slice(0, 5),
      [80, 80, 3, 1338, 1338].map((value) => ({ value })),
    );
    t.ok(Number(outcomes[5]?.value) > 0, 'no descriptor, which Windows tells in many ways');
    t.equal(readFileSync(file, 'utf8'), 'sealed', 'what was there stays as it is');
    t.same(readdirSync(folder).sort(), ['credential', 'folder']);
  });

  await suite.test('a link is neither followed nor written through', async (t) => {
    const folder = tempDir(t);
    const [existing, nowhere, elsewhere] = ['existing', 'nowhere', 'elsewhere'].map((name) =>
      join(folder, name),
    );
    writeFileSync(join(folder, 'kept'), 'kept');
    symlinkSync(join(folder, 'kept'), existing ?? '');
    symlinkSync(join(folder, 'unmade'), nowhere ?? '');
    symlinkSync(join(folder, 'kept'), elsewhere ?? '');
    writeFileSync(join(folder, 'new'), 'new');
    const outcomes = await calls(
      t,
      ['makeProtectedFile', toWindowsPath(existing ?? ''), SDDL],
      ['makeProtectedFile', toWindowsPath(nowhere ?? ''), SDDL],
      ['replaceFile', toWindowsPath(join(folder, 'new')), toWindowsPath(elsewhere ?? '')],
    );
    t.same(
      outcomes,
      [80, 80, 0].map((value) => ({ value })),
    );
    t.equal(readFileSync(join(folder, 'kept'), 'utf8'), 'kept');
    t.notOk(lstatSync(elsewhere ?? '').isSymbolicLink());
    t.equal(readFileSync(elsewhere ?? '', 'utf8'), 'new');
    t.same(readdirSync(folder).sort(), ['elsewhere', 'existing', 'kept', 'nowhere']);
  });

  await suite.test('a file takes the place of another, or of none', async (t) => {
    const folder = tempDir(t);
    const at = (name: string) => toWindowsPath(join(folder, name));
    for (const name of ['first', 'second', 'stays']) writeFileSync(join(folder, name), name);
    mkdirSync(join(folder, 'folder'));
    const outcomes = await calls(
      t,
      ['replaceFile', at('first'), at('läuft')],
      ['replaceFile', at('second'), at('läuft')],
      ['replaceFile', at('missing'), at('läuft')],
      ['replaceFile', at('stays'), at('folder')],
      ['replaceFile', at('stays'), at('missing\\stays')],
    );
    t.same(
      outcomes,
      [0, 0, 2, 5, 3].map((value) => ({ value })),
    );
    t.same(readdirSync(folder).sort(), ['folder', 'läuft', 'stays']);
    t.equal(readFileSync(join(folder, 'läuft'), 'utf8'), 'second');
  });

  await suite.test('the firmware’s table has this system in it', async (t) => {
    const [outcome] = await calls(t, ['firmwareTable']);
    const { error, data } = bytesOf(outcome);
    if (error !== 0) {
      t.equal(data.length, 0);
      t.comment(`not checked, as this platform has no firmware table: error ${error}`);
      return;
    }
    t.equal(data.readUInt32LE(4), data.length - 8, 'the length that it says');
    const system = structuresOf(data).find(({ type }) => type === 1)?.formatted ?? Buffer.alloc(0);
    t.ok(system.length >= 25, `system information with a UUID: ${system.length} bytes`);
  });

  await suite.test('Windows’ number of the machine is a UUID, and the same one each time', async (t) => {
    const [once, again] = await calls(t, ['machineGuid'], ['machineGuid']);
    t.match(once?.value, { error: 0, text: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i });
    t.same(again, once);
  });

  await suite.test('arguments of a wrong kind throw at once, and nothing else happens', async (t) => {
    const [folder, some] = [tempDir(t), encoded(plainOf(8))];
    const path = toWindowsPath(join(folder, 'file'));
    const wrong: readonly Step[] = [
      ...[...NO_BYTES, null, 'text', 7, [1, 2], {}].flatMap((kind): Step[] => [
        ['protectData', kind, some],
        ['protectData', some, kind],
        ['unprotectData', kind, some],
        ['unprotectData', some, kind],
      ]),
      ...[['protectData'], ['protectData', some], ['unprotectData', some]].map(
        (step) => step as unknown as Step,
      ),
      ['makeProtectedFile', path],
      ['makeProtectedFile', path, 5],
      ['makeProtectedFile', `${path}\0.txt`, SDDL],
      ['makeProtectedFile', some, SDDL],
      ['replaceFile', path],
      ['replaceFile', null, path],
      ['replaceFile', path, `${path}\0`],
    ];
    for (const [i, outcome] of (await calls(t, ...wrong)).entries()) {
      t.match(outcome.thrown, /Error: /, JSON.stringify(wrong[i]));
    }
    t.same(readdirSync(folder), []);
  });
});
