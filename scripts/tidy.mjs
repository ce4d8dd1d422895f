// `npm run tidy`: clang-tidy over all the C++, as each platform compiles it; packages/native/.clang-tidy says what it looks
// for. What it found nothing in is not looked at again until something that it read has changed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NATIVE = join(ROOT, 'packages', 'native');
const LAB = join(ROOT, 'test', 'windows', 'lab');
const CONFIG = join(NATIVE, '.clang-tidy');
const CACHE = join(ROOT, '.cache', 'tidy');
const MINGW = join(NATIVE, 'cmake', 'mingw-w64-x86_64.cmake');
const JOBS = 2;

const INSTALLER = join(NATIVE, 'installer');
const SOURCES = [join(NATIVE, 'cpp'), join(NATIVE, 'test'), INSTALLER, LAB].filter((folder) =>
  existsSync(folder),
);
const CROSS = [`-DCMAKE_TOOLCHAIN_FILE=${MINGW}`];
const BUILDS = [
  { name: 'linux-x64', source: NATIVE, settings: ['-DGURUCONNECT_SANITIZE=ON'] },
  { name: 'win32-x64', source: NATIVE, settings: CROSS },
  { name: 'lab', source: LAB, settings: CROSS },
  { name: 'installer', source: INSTALLER, settings: CROSS },
];

const run = (program, args) => {
  const result = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8' });
  if (result.status === 0) return result;
  throw new Error(`${program} ${args.join(' ')} failed\n${result.stdout}${result.stderr}`);
};
const works = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const filesOf = (extension) =>
  SOURCES.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(extension))
      .map((name) => join(folder, name)),
  ).sort();

/** Why it cannot run here, in a few words, or undefined. */
export function missingTidy() {
  const programs = ['clang-tidy', 'cmake', 'c++', 'x86_64-w64-mingw32-g++-posix'];
  const missing = programs.filter((program) => !works(program));
  return missing.length === 0 ? undefined : `${missing.join(', ')} missing`;
}

/** What one build compiles, without building it. */
function unitsOf({ name, source, settings }) {
  const folder = join(CACHE, name);
  run('cmake', ['-S', source, '-B', folder, '-DCMAKE_EXPORT_COMPILE_COMMANDS=ON', ...settings]);
  const commands = JSON.parse(readFileSync(join(folder, 'compile_commands.json'), 'utf8'));
  return commands.map(({ file, command }) => ({ name, folder, file, command }));
}

/** mingw's C++ library, which clang finds for its own compiler only. C's it finds by the compiler's name. */
function mingwIncludes() {
  const { stderr } = run('x86_64-w64-mingw32-g++-posix', ['-E', '-x', 'c++', '-v', '/dev/null']);
  return stderr
    .split('\n')
    .filter((line) => /^ \/.*\/c\+\+/.test(line))
    .map((line) => `--extra-arg=-isystem${line.trim()}`);
}

/** @returns {Promise<{ clean: boolean, output: string }>} */
function tidy({ folder, file, extra }) {
  // The command is GCC's, whose warnings clang need not know.
  const known = '--extra-arg=-Wno-unknown-warning-option';
  const args = ['-p', folder, '--quiet', `--config-file=${CONFIG}`, known, ...extra, file];
  return new Promise((resolve, reject) => {
    const child = spawn('clang-tidy', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', reject).once('close', (code) => resolve({ clean: code === 0, output }));
  });
}

/** @returns {Promise<boolean>} whether every unit is clean */
async function tidyAll(units, write) {
  const version = run('clang-tidy', ['--version']).stdout;
  const shared = [version, CONFIG, ...filesOf('.h')].map((text) =>
    existsSync(text) ? readFileSync(text) : text,
  );
  const queue = [...units];
  let clean = true;
  const work = async () => {
    for (let unit = queue.shift(); unit !== undefined; unit = queue.shift()) {
      const hash = createHash('sha256');
      for (const part of [...shared, unit.command, readFileSync(unit.file)]) hash.update(part).update('\0');
      const stamp = join(CACHE, 'clean', hash.digest('hex'));
      if (existsSync(stamp)) continue;
      const result = await tidy(unit);
      if (result.clean) writeFileSync(stamp, '');
      else write(`${unit.name}: ${unit.file}\n${result.output}`);
      clean &&= result.clean;
    }
  };
  mkdirSync(join(CACHE, 'clean'), { recursive: true });
  await Promise.all(Array.from({ length: JOBS }, work));
  return clean;
}

/**
 * @param {(text: string) => void} write
 * @returns {Promise<boolean>} whether there is nothing to mend
 */
export async function runTidy(write) {
  const includes = mingwIncludes();
  const units = BUILDS.flatMap((build) => {
    const extra = build.settings === CROSS ? includes : [];
    return unitsOf(build).map((unit) => ({ ...unit, extra }));
  });
  const compiled = new Set(units.map(({ file }) => file));
  const forgotten = filesOf('.cc').filter((file) => !compiled.has(file));
  for (const file of forgotten) write(`${file}: no build compiles it\n`);
  return (await tidyAll(units, write)) && forgotten.length === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const missing = missingTidy();
  if (missing !== undefined) {
    process.stderr.write(`tidy: ${missing}\n`);
    process.exit(2);
  }
  process.exitCode = (await runTidy((text) => process.stdout.write(text))) ? 0 : 1;
}
