/** guruconnect.exe as a file: what it is made of, what it says of itself, what it does not listen to. That it works, the other suites show. */
import { spawnSync } from 'node:child_process';
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
import { ROOT } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import {
  agentProgram,
  isPackaged,
  nodeExe,
  onWindows,
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

const run = (t: Test, program: string, ...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  t.equal(status, 0, `${program} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
};

void test('the packaged program', { skip, timeout: 300_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  const evil = (t: Test): string => {
    const file = join(tempDir(t), 'evil.cjs');
    writeFileSync(file, 'process.stdout.write("EVIL\\n");');
    return toWindowsPath(file);
  };

  await suite.test('the same input makes the same bytes', (t) => {
    const folder = tempDir(t);
    run(t, process.execPath, join(ROOT, 'scripts', 'package.mjs'), folder);
    for (const name of readdirSync(folder))
      t.ok(readFileSync(join(folder, name)).equals(readFileSync(join(ROOT, 'dist', name))), name);
    t.same(readdirSync(folder).sort(), ['THIRD-PARTY-LICENCES.txt', 'guruconnect.exe', 'sbom.cdx.json']);
    t.end();
  });

  await suite.test('what lies beside it names what is in it', (t) => {
    const bom = JSON.parse(readFileSync(join(ROOT, 'dist', 'sbom.cdx.json'), 'utf8')) as {
      readonly components: readonly { readonly name: string; readonly version: string }[];
    };
    const licences = readFileSync(join(ROOT, 'dist', 'THIRD-PARTY-LICENCES.txt'), 'utf8');
    for (const name of ['ws', 'pino', 'node']) {
      const component = bom.components.find((one) => one.name === name);
      t.ok(component, `${name} is a component`);
      t.match(licences, new RegExp(`^${name} ${component?.version ?? '?'}$`, 'm'), `the licence of ${name}`);
    }
    t.end();
  });

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

  await suite.test('it can be signed, and a byte more or less is noticed', (t) => {
    if (onWindows || spawnSync('osslsigncode', ['--version']).error !== undefined) {
      t.comment('not checked, as osslsigncode is not installed: the signature');
      t.end();
      return;
    }
    const folder = tempDir(t);
    const at = (name: string): string => join(folder, name);
    run(
      t,
      'openssl',
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test only'],
      ...['-addext', 'extendedKeyUsage=codeSigning', '-keyout', at('key.pem'), '-out', at('cert.pem')],
    );
    const signer = [
      'osslsigncode',
      'sign',
      '-certs',
      at('cert.pem'),
      '-key',
      at('key.pem'),
      '-in',
      '{in}',
      '-out',
      '{out}',
    ];
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'package.mjs'), folder], {
      encoding: 'utf8',
      env: { ...process.env, GURUCONNECT_SIGN_COMMAND: JSON.stringify(signer) },
    });
    t.equal(status, 0, stderr);
    const verify = () =>
      spawnSync('osslsigncode', ['verify', '-CAfile', at('cert.pem'), '-in', at('guruconnect.exe')]).status;
    t.equal(verify(), 0, 'signed and verified');
    const bytes = readFileSync(at('guruconnect.exe'));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(at('guruconnect.exe'), bytes);
    t.not(verify(), 0, 'a changed one is not');
    t.end();
  });
});
