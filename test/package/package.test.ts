/** What `npm run package` makes, as files: the same bytes every time, named, signed. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Test, test } from 'tap';
import { ROOT } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const DIST = join(ROOT, 'dist');
const PROGRAMS = ['guruconnect.exe', 'guruconnect.msi'] as const;
const MANIFEST = ['', '.installer', '.locale.en-US'].map(
  (part) => `winget/GuruConnect.ManagedAgent${part}.yaml`,
);
const posix = {
  timeout: 300_000,
  skip:
    process.platform === 'win32'
      ? 'wixl and osslsigncode are not for Windows'
      : !existsSync(join(DIST, 'guruconnect.msi')) && 'npm run package makes it',
};

const run = (t: Test, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void => {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  t.equal(status, 0, `${program} ${args.join(' ')}: ${stdout}${stderr}`);
};
const makePackage = (t: Test, env: NodeJS.ProcessEnv = {}): string => {
  const folder = tempDir(t);
  run(t, process.execPath, [join(ROOT, 'scripts', 'package.mjs'), folder], env);
  return folder;
};

test('the same input makes the same bytes', posix, (t) => {
  const folder = makePackage(t);
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(relative(folder, entry.parentPath), entry.name));
  t.same(names.sort(), ['THIRD-PARTY-LICENCES.txt', ...PROGRAMS, 'sbom.cdx.json', ...MANIFEST].sort());
  for (const name of names)
    t.ok(readFileSync(join(folder, name)).equals(readFileSync(join(DIST, name))), name);
  t.end();
});

test('what lies beside it names what is in it', posix, (t) => {
  const bom = JSON.parse(readFileSync(join(DIST, 'sbom.cdx.json'), 'utf8')) as {
    readonly components: readonly { readonly name: string; readonly version: string }[];
  };
  const licences = readFileSync(join(DIST, 'THIRD-PARTY-LICENCES.txt'), 'utf8');
  for (const name of ['ws', 'pino', 'node']) {
    const component = bom.components.find((one) => one.name === name);
    t.ok(component, `${name} is a component`);
    t.match(licences, new RegExp(`^${name} ${component?.version ?? '?'}$`, 'm'), `the licence of ${name}`);
  }
  t.end();
});

test('winget is told of this very installer', posix, (t) => {
  const [, installer = ''] = MANIFEST.map((name) => readFileSync(join(DIST, name), 'utf8'));
  const hash = createHash('sha256')
    .update(readFileSync(join(DIST, 'guruconnect.msi')))
    .digest('hex');
  t.match(installer, new RegExp(`^  InstallerSha256: ${hash.toUpperCase()}$`, 'm'));
  const { stdout } = spawnSync('msiinfo', ['export', join(DIST, 'guruconnect.msi'), 'Property'], {
    encoding: 'utf8',
  });
  for (const name of ['ProductCode', 'UpgradeCode']) {
    const [, code = '?'] = new RegExp(`^${name}\t(\\S+)`, 'm').exec(stdout) ?? [];
    t.ok(installer.includes(`${name}: '${code}'`), name);
  }
  t.end();
});

test('program and installer can be signed, and a byte more or less is noticed', posix, (t) => {
  if (spawnSync('osslsigncode', ['--version']).error !== undefined) {
    t.comment('not checked, as osslsigncode is not installed: the signature');
    t.end();
    return;
  }
  const keys = tempDir(t);
  const [key, cert] = [join(keys, 'key.pem'), join(keys, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test only'];
  const purpose = ['-addext', 'extendedKeyUsage=codeSigning', '-keyout', key, '-out', cert];
  run(t, 'openssl', [...request, ...purpose]);
  const signer = ['osslsigncode', 'sign', '-certs', cert, '-key', key, '-in', '{in}', '-out', '{out}'];
  const folder = makePackage(t, { GURUCONNECT_SIGN_COMMAND: JSON.stringify(signer) });
  for (const file of PROGRAMS.map((name) => join(folder, name))) {
    const verify = () => spawnSync('osslsigncode', ['verify', '-CAfile', cert, '-in', file]).status;
    t.equal(verify(), 0, 'signed and verified');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    t.not(verify(), 0, 'a changed one is not');
  }
  t.end();
});
