// Node and OpenSSL take options, trust and code from the environment. A service that runs as LocalSystem, and a tool that an administrator
// runs with rights that others who can set a user's variables do not have, must not. Node 22 has no setting for it in a single executable
// (execArgvExtension came with 24), so the names that the executable asks for are taken out of it: what it asks for then is called "".

/** What C++ reads before any of our code runs. What JavaScript reads later is deleted by the launcher (packages/supervisor/bin/packaged.js). */
const NAMES = [
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'NODE_USE_ENV_PROXY',
  'NODE_REDIRECT_WARNINGS',
  'NODE_PENDING_DEPRECATION',
  'NODE_PRESERVE_SYMLINKS',
  'NODE_PRESERVE_SYMLINKS_MAIN',
  'NODE_COMPILE_CACHE',
  'NODE_DEBUG_NATIVE',
  'NODE_ICU_DATA',
  'NODE_REPL_EXTERNAL_MODULE',
  'NODE_V8_COVERAGE',
  'OPENSSL_CONF',
  'OPENSSL_CONF_INCLUDE',
  'OPENSSL_ENGINES',
  'OPENSSL_MODULES',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
];

/** What it may go on asking for, or does not ask the environment for. */
const HARMLESS = new Set([
  'NODE_DEBUG_ENABLED',
  'NODE_DISABLE_COMPILE_CACHE',
  'NODE_SEA_BLOB',
  'NODE_SKIP_PLATFORM_CHECK',
]);
/** Names of Node's performance constants look like variables. */
const A_VARIABLE = /\0(NODE_(?!PERFORMANCE_)[A-Z0-9_]+)(?=\0)/g;

/** Strings of V8's snapshot have their length in front of them and a hash that would no longer fit; those of C++ have neither. */
const isOfSnapshot = (bytes, at, { length }) => bytes.readUInt32LE(at - 4) === length;

function* literals(bytes, name) {
  const wanted = Buffer.from(`\0${name}\0`);
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) {
    if (!isOfSnapshot(bytes, at + 1, name)) yield at + 1;
  }
}

/** A variable that nobody has judged yet. */
function stranger(bytes) {
  const names = [...bytes.toString('latin1').matchAll(A_VARIABLE)].map(([, name]) => name);
  return [...new Set(names)].find(
    (name) => !NAMES.includes(name) && !HARMLESS.has(name) && !literals(bytes, name).next().done,
  );
}

/**
 * @param {Buffer} bytes of node.exe, changed in place
 * @throws Error where a name is not in it, or one that is not known: another Node needs another look
 */
export function deafen(bytes) {
  const unknown = stranger(bytes);
  if (unknown !== undefined) throw new Error(`node.exe asks for ${unknown}: is that harmless?`);
  for (const name of NAMES) {
    const found = [...literals(bytes, name)];
    if (found.length === 0) throw new Error(`node.exe does not ask for ${name}: see what it does instead`);
    for (const at of found) bytes.fill(0, at, at + name.length);
  }
}
