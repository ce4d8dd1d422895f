/** guruconnect.exe as a program: what it says of itself, what it does not listen to. That it works, the other suites show. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { VERSION } from '@guruconnect/shared/identity';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import {
  agentProgram,
  isPackaged,
  nodeExe,
  openLab,
  toWindowsPath,
  windowsUnavailable,
} from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? (isPackaged ? false : 'of the packaged program');
const [executable = ''] = agentProgram;
const STARTS = 10;
const MIB = 1024 * 1024;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

void test('the packaged program', { skip, timeout: 300_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  const evil = (t: Test): string => {
    const file = join(tempDir(t), 'evil.cjs');
    writeFileSync(file, 'process.stdout.write("EVIL\\n");');
    return toWindowsPath(file);
  };

  await suite.test('it starts about as fast as plain node.exe, and is little larger', async (t) => {
    const timesOf = async (program: string, ...args: readonly string[]): Promise<number> => {
      const from = performance.now();
      t.equal((await lab.run(program, args)).code, 0);
      return performance.now() - from;
    };
    const [bare, packaged]: [number[], number[]] = [[], []];
    for (let i = 0; i < STARTS; i += 1) {
      bare.push(await timesOf(nodeExe, '-e', '0'));
      packaged.push(await timesOf(executable, '--version'));
    }
    const sizes = [executable, nodeExe].map((file) => readFileSync(file).length / MIB);
    t.comment(
      `start: ${median(packaged).toFixed(0)} ms, node.exe ${median(bare).toFixed(0)} ms (medians of ${STARTS}); ` +
        `size: ${sizes.map((size) => size.toFixed(1)).join(' MiB, node.exe ')} MiB`,
    );
    t.ok((sizes[0] ?? 0) < (sizes[1] ?? 0) + 5, 'at most 5 MiB larger');
  });

  await suite.test('its version says what it is', async (t) => {
    const { code, stdout } = await lab.guruconnect(['version']);
    t.equal(code, 0);
    t.match(stdout, new RegExp(`^guruconnect ${VERSION.replaceAll('.', '\\.')}\\b.*\\baddon built`));
    const name = (text: string) => Buffer.from(text, 'utf16le');
    const bytes = readFileSync(executable);
    for (const text of ['GuruConnect Managed Agent', VERSION, 'guruconnect.exe'])
      t.ok(bytes.includes(name(text)), `the resource has ${text}`);
    t.notOk(bytes.includes(name('Node.js JavaScript Runtime')), 'and nothing of the old one');
  });

  await suite.test('Node’s environment has no effect on it', async (t) => {
    const coverage = join(tempDir(t), 'coverage');
    const hostile: Readonly<Record<string, string>> = {
      NODE_OPTIONS: `--require=${evil(t).replaceAll('\\', '/')} --inspect=127.0.0.1:0`,
      NODE_REPL_EXTERNAL_MODULE: evil(t),
      NODE_EXTRA_CA_CERTS: 'C:\\nothing.pem',
      NODE_REDIRECT_WARNINGS: toWindowsPath(join(tempDir(t), 'warnings')),
      NODE_PENDING_DEPRECATION: '1',
      NODE_ICU_DATA: 'C:\\nothing',
      NODE_V8_COVERAGE: toWindowsPath(coverage),
      OPENSSL_CONF: evil(t),
    };
    const plain = await lab.guruconnect(['version']);
    for (const [name, value] of Object.entries(hostile)) {
      const { code, stdout, stderr } = await lab.guruconnect(['version'], { env: { [name]: value } });
      t.same({ code, stdout, stderr }, plain, name);
    }
    t.notOk(existsSync(coverage));
    const bare = await lab.run(nodeExe, ['-e', '0'], {
      env: { NODE_OPTIONS: hostile['NODE_OPTIONS'] ?? '' },
    });
    t.match(bare, { stdout: /EVIL/, stderr: /Debugger listening/ }, 'which it has on node.exe');
  });

  await suite.test('a copy unpacks its addon beside itself, and does not load another one', async (t) => {
    const folder = join(tempDir(t), 'copy');
    mkdirSync(folder);
    const copy = join(folder, 'agent.exe');
    copyFileSync(executable, copy);
    t.match(await lab.run(copy, ['version']), { code: 0, stdout: /addon built/ });
    const [name = ''] = readdirSync(folder).filter((file) => file.startsWith('native-'));
    const addon = join(folder, name, 'guruconnect.node');
    const content = readFileSync(addon);
    t.same(readdirSync(dirname(addon)), ['guruconnect.node'], 'nothing else is left');
    for (const [what, damaged] of [
      ['exchanged', Buffer.alloc(content.length)],
      ['cut short', content.subarray(0, 1000)],
    ] as const) {
      writeFileSync(addon, damaged);
      t.match(await lab.run(copy, ['version']), { code: 0, stdout: /addon built/ }, what);
      t.ok(readFileSync(addon).equals(content), `${what}: it is as it was`);
    }
    rmSync(addon);
    mkdirSync(addon);
    t.match(
      await lab.run(copy, ['version']),
      { code: 0, stdout: /addon not built/ },
      'what cannot be replaced is not loaded',
    );
  });
});
