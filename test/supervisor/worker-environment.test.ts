import { workerEnvironment } from '@guruconnect/supervisor/worker-environment';
import { test } from 'tap';

/** What changes what a program loads, trusts, or is. */
const NEVER = [
  ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_DEBUG'],
  ...['NODE_REPL_EXTERNAL_MODULE', 'NODE_V8_COVERAGE', 'NODE_USE_ENV_PROXY', 'NODE_COMPILE_CACHE'],
  ...['NODE_PENDING_DEPRECATION', 'NODE_CHANNEL_FD', 'NODE_UNIQUE_ID', 'NODE_ICU_DATA', 'NODE_USE_SYSTEM_CA'],
  ...['UV_THREADPOOL_SIZE', 'UV_USE_IO_URING', 'ELECTRON_RUN_AS_NODE', 'SSLKEYLOGFILE'],
  ...['OPENSSL_CONF', 'OPENSSL_MODULES', 'OPENSSL_ENGINES', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'RES_OPTIONS'],
  ...['LD_PRELOAD', 'LD_LIBRARY_PATH', 'LD_AUDIT', 'LD_DEBUG', 'GCONV_PATH', 'MALLOC_PERTURB_'],
  ...[
    'DYLD_INSERT_LIBRARIES',
    'DYLD_LIBRARY_PATH',
    'LOCPATH',
    'NLSPATH',
    'HOSTALIASES',
    'BASH_ENV',
    'ENV',
    'IFS',
  ],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy'],
  ...['npm_config_registry', 'npm_lifecycle_event', 'npm_node_execpath', 'NPM_TOKEN', 'FORCE_COLOR', 'DEBUG'],
  ...['AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'SSH_AUTH_SOCK', 'COR_PROFILER', 'COR_ENABLE_PROFILING'],
  ...['__COMPAT_LAYER', 'PSModulePath', 'TAP_CHILD_ID', '', '=C:', '__proto__x'],
];
const SPELLINGS = [
  (name: string) => name,
  (name: string) => name.toLowerCase(),
  (name: string) => name.toUpperCase(),
];

const LISTED = {
  win32: {
    ...{
      SystemRoot: 'C:\\windows',
      SystemDrive: 'C:',
      TEMP: 'C:\\temp',
      TMP: 'C:\\temp',
      PATH: 'C:\\windows',
    },
    ...{ ProgramData: 'C:\\ProgramData', USERPROFILE: 'C:\\users\\x', COMPUTERNAME: 'PC', PATHEXT: '.EXE' },
    'ProgramFiles(x86)': 'C:\\Program Files (x86)',
  },
  linux: {
    PATH: '/bin',
    HOME: '/root',
    TMPDIR: '/tmp',
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    XDG_STATE_HOME: '/state',
  },
} as const;

for (const platform of ['linux', 'darwin', 'win32'] as const) {
  test(`on ${platform} nothing passes that is not named, however it is spelled`, (t) => {
    const names = NEVER.flatMap((name) => SPELLINGS.map((spell) => spell(name)));
    const env = Object.fromEntries(names.map((name) => [name, 'x']));
    t.same(workerEnvironment(env, platform), {});
    t.end();
  });

  test(`on ${platform} what is named passes, as it is`, (t) => {
    const listed = platform === 'win32' ? LISTED.win32 : LISTED.linux;
    t.same(workerEnvironment({ ...listed, NODE_OPTIONS: '--require x' }, platform), listed);
    t.same(workerEnvironment({ PATH: '' }, platform), { PATH: '' }, 'set to nothing is set');
    t.end();
  });
}

test('Windows does not tell cases apart in names, and other platforms do', (t) => {
  const env = { SYSTEMROOT: 'C:\\windows', Path: 'C:\\windows', temp: 'C:\\temp', guruconnect_data: 'D:\\' };
  t.same(workerEnvironment(env, 'win32'), env, 'nor are they spelled anew');
  t.same(workerEnvironment({ Path: '/bin', home: '/root', guruconnect_data: '/data' }, 'linux'), {});
  t.end();
});

test("the other platform's names do not pass", (t) => {
  t.same(workerEnvironment(LISTED.win32, 'linux'), { PATH: 'C:\\windows' });
  t.same(workerEnvironment(LISTED.linux, 'win32'), { PATH: '/bin' });
  t.end();
});

test("the agent's own pass, and what only looks like them does not", (t) => {
  const own = { GURUCONNECT_RELAY: 'wss://relay.example', GURUCONNECT_LOG_LEVEL: 'debug' };
  const others = {
    GURUCONNECT: 'x',
    GURUCONNECT_: 'x',
    XGURUCONNECT_DATA: 'x',
    'GURUCONNECT_DATA\nLD_PRELOAD': 'x',
  };
  t.same(workerEnvironment({ ...own, ...others }, 'linux'), own);
  t.same(workerEnvironment({ ...own, ...others }, 'win32'), own);
  t.end();
});

test('what is not set does not become set', (t) => {
  const env = workerEnvironment({ PATH: undefined, GURUCONNECT_ENROLL_TOKEN: undefined }, 'linux');
  t.same(Object.keys(env), []);
  t.end();
});

test('what is a secret does not pass, however its name is spelt', (t) => {
  const secrets = { GURUCONNECT_ENROLL_TOKEN: 's3cret', GURUCONNECT_PROXY: 'http://u:p@proxy' };
  t.same(workerEnvironment(secrets, 'linux'), {});
  t.same(workerEnvironment(secrets, 'win32'), {});
  t.same(workerEnvironment({ GuruConnect_Enroll_Token: 's3cret', guruconnect_proxy: 'x' }, 'win32'), {});
  t.end();
});
