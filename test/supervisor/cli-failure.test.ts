/** A command that fails, as a person and as a program sees it: the real launcher. */
import { VERSION } from '@guruconnect/shared/identity';
import { UsageError } from '@guruconnect/shared/usage-error';
import { complaintOf, exitCodeOf } from '@guruconnect/supervisor/complaint';
import { WIN32, Win32Error } from '@guruconnect/supervisor/manage/win32-error';
import tap, { test } from 'tap';
import { type Ended, GURUCONNECT, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

tap.jobs = 4;
const bounded = { timeout: 15_000 };
for (const name of Object.keys(process.env)) {
  if (name.startsWith('GURUCONNECT_') || /COLOR/.test(name)) Reflect.deleteProperty(process.env, name);
}

const launch = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  startProgram(GURUCONNECT, args, { env, limitMs: 10_000 }).ended;

const RED = '\u001b[31m';

test('an error has no colour where it is not written to a terminal', bounded, async (t) => {
  t.notMatch((await launch(['frob'])).stderr, '\u001b');
  t.notMatch((await launch(['--help'])).stdout, '\u001b');
});

test('FORCE_COLOR colours errors and headings, and NO_COLOR counts more', bounded, async (t) => {
  t.match((await launch(['frob'], { FORCE_COLOR: '1' })).stderr, `${RED}guruconnect:`);
  t.match((await launch(['--help'], { FORCE_COLOR: '1' })).stdout, '\u001b[1m');
  const { stderr } = await launch(['frob'], { FORCE_COLOR: '1', NO_COLOR: '1' });
  t.equal(stderr, 'guruconnect: unknown command "frob": try "guruconnect --help"\n');
});

test('--json: what went wrong is told to programs on stdout, and to people on stderr', bounded, async (t) => {
  const { code, stdout, stderr } = await launch(['config', 'check', '--json', '--rellay=x']);
  t.equal(code, 2);
  t.match(stderr, /^guruconnect: [^\n]+\n$/);
  t.same(JSON.parse(stdout), {
    exitCode: 2,
    error: { kind: 'UsageError', message: `unknown option '--rellay': did you mean "--relay"?` },
  });
});

test('--verbose: the line is the same, and the stack comes after it', bounded, async (t) => {
  const short = await launch(['console', '--relay', 'nonsense'], { GURUCONNECT_DATA: tempDir(t) });
  const long = await launch(['console', '--relay', 'nonsense', '--verbose'], {
    GURUCONNECT_DATA: tempDir(t),
  });
  t.equal(short.stderr.split('\n').length, 2);
  t.ok(long.stderr.startsWith(short.stderr));
  t.match(long.stderr, /^ {2}UsageError: .*\n {6}at /m);
  t.equal(long.code, 2);
});

test('a worker alone is told of in the same way', bounded, async (t) => {
  const env = { GURUCONNECT_DATA: tempDir(t) };
  const short = await launch(['worker', '--relay', 'nonsense'], env);
  const long = await launch(['--verbose', 'worker', '--relay', 'nonsense'], env);
  t.match(short.stderr, /^guruconnect worker: --relay: not a URL\n$/);
  t.match(long.stderr, /^guruconnect worker: --relay: not a URL\nUsageError: .*\n {4}at /);
  t.equal(short.code, 2);
  const none = await launch(['worker', '--relay', 'ws://127.0.0.1:9'], env);
  t.equal(none.code, 78, 'the exit code is the worker’s own');
});

test('version --json and --version say what was built, and of what', bounded, async (t) => {
  const { stdout } = await launch(['version', '--json']);
  const { addon, ...build } = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  t.same(build, { version: VERSION, commit: 'development', node: process.versions.node });
  t.type(addon, 'boolean');
  const line = `guruconnect ${VERSION}, commit development, Node ${process.versions.node}, addon `;
  for (const asked of ['--version', '-V', 'version']) t.match((await launch([asked])).stdout, line);
});

const SERVICE = 'GuruConnectAgent';

test('what Windows refuses comes with what to do about it', (t) => {
  const of = (code: number): string => complaintOf(new Win32Error(code, 'StartService', SERVICE));
  t.match(of(WIN32.serviceMarkedForDelete), /marked for deletion \(error 1072\): close services\.msc/);
  t.match(of(WIN32.serviceDisabled), /\(error 1058\): "guruconnect install" enables it/);
  t.match(of(WIN32.accessDenied), /^administrator rights are missing: use an administrator's terminal/);
  t.match(of(WIN32.serviceDoesNotExist), /is not installed: "guruconnect install" installs it$/);
  t.match(of(4711), /Windows error 4711$/);
  t.end();
});

test('an error is one of five exit codes', (t) => {
  t.equal(exitCodeOf(new UsageError('x')), 2);
  t.equal(exitCodeOf(new Error('x')), 1);
  t.equal(exitCodeOf(new Win32Error(WIN32.accessDenied, 'OpenService', SERVICE)), 77);
  t.equal(exitCodeOf(new Win32Error(WIN32.accessDenied, 'OpenProcess', SERVICE)), 1);
  t.equal(exitCodeOf(new Win32Error(WIN32.serviceDoesNotExist, 'OpenService', SERVICE)), 4);
  t.end();
});
