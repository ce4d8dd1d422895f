// Everything that is run, in few files: the product in parts for the executable, what the Windows suites start as modules.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { cyclonedxEsbuildPlugin } from '@cyclonedx/cyclonedx-esbuild';
import { build, transform } from 'esbuild';
import { ROOT } from '../setup.mjs';

const SUPERVISOR = join(ROOT, 'packages', 'supervisor');
/** The product's launcher. */
export const LAUNCHER = join(SUPERVISOR, 'bin', 'packaged.js');
const FIXTURES = join(ROOT, 'test', 'dist', 'fixtures');

/** Where the fixtures' bundles are, and with them the product's launcher: for Windows' node.exe, which is slow to open many files. */
const BUNDLED = join(ROOT, '.cache', 'bundled');

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  logLevel: 'warning',
  // Packages that speed `ws` up where they are installed, which they are not.
  define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
};

/** The title first: in a child without a console libuv asserts where it is asked for before it is set, and the interop of modules asks. */
const TITLE = "process.title = 'guruconnect';";

/** What a part is given beside what Node gives every CommonJS module (parts.cjs): its own place, which is the program's. */
const MODULE_URL = '__moduleUrl';

/** ESM that imports other parts as CommonJS that requires them: what a single executable runs is not a module. */
const toCommonJs = async (text, file) => {
  const options = { sourcefile: file, format: 'cjs', platform: 'node', target: 'node22' };
  // Node gives code that it has not loaded itself no import().
  const { code } = await transform(text, { ...options, supported: { 'dynamic-import': false } });
  return code;
};

/** One for each entry point and for everything that is imported when it is needed. */
async function buildParts({ define, ...options }) {
  const { metafile, outputFiles } = await build({
    ...COMMON,
    ...options,
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    target: 'node22',
    legalComments: 'none',
    metafile: true,
    write: false,
    define: { ...COMMON.define, 'import.meta.url': MODULE_URL, ...define },
  });
  const parts = [];
  for (const { path, contents, text } of outputFiles) {
    const name = basename(path);
    if (name.endsWith('.js')) parts.push({ name, code: await toCommonJs(text, name) });
    else writeFileSync(path, contents);
  }
  return { metafile, parts: parts.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** A folder of nothing but the parts. @returns {string[][]} names and files */
export function writeParts(parts, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return parts.map(({ name, code }) => {
    const file = join(folder, name);
    writeFileSync(file, code);
    return [name, file];
  });
}

/** What runs them, in one file. */
const buildLoader = (name, outfile) =>
  build({
    ...COMMON,
    ...{ entryPoints: [join(ROOT, 'scripts', 'package', name)], outfile, format: 'cjs', target: 'node22' },
  });

/**
 * The product in parts, and what runs them: `guruconnect.cjs`.
 * @param {string} folder below the root, for that and for the bill of materials
 * @param {Record<string, string>} constants identifiers that the build knows: `{ GURUCONNECT_COMMIT: '"abc"' }`
 * @returns {Promise<{ parts: { name: string, code: string }[], folders: string[] }>} and the packages that are in them, by their folders
 */
export async function bundleProduct(folder, constants = {}) {
  await buildLoader('parts-in-assets.cjs', join(ROOT, folder, 'guruconnect.cjs'));
  const { parts, metafile } = await buildParts({
    entryPoints: [LAUNCHER],
    outdir: join(ROOT, folder),
    plugins: [
      cyclonedxEsbuildPlugin({ outputFile: 'sbom.json', outputReproducible: true, logLevel: 'silent' }),
    ],
    define: constants,
  });
  const folders = Object.keys(metafile.inputs).map(
    (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0],
  );
  return { parts, folders: [...new Set(folders.filter((found) => found !== undefined))].sort() };
}

/**
 * Programs in parts as the executable has them, but in files.
 * @param {Record<string, string>} entryPoints the launcher has to be `guruconnect`
 * @param {string} outdir is emptied first
 */
export async function bundleInParts(entryPoints, outdir) {
  rmSync(outdir, { recursive: true, force: true });
  const { parts } = await buildParts({ entryPoints, outdir, plugins: [placesIn(outdir)] });
  writeParts(parts, join(outdir, 'parts'));
  for (const name of Object.keys(entryPoints))
    await buildLoader('parts-in-files.cjs', join(outdir, `${name}.js`));
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
}

/** Every module goes on knowing its own place, and with it the addon's; the launcher alone is the bundled one. */
const placesIn = (outdir) => ({
  name: 'places',
  setup({ onLoad }) {
    onLoad({ filter: /packages.[a-z]+.dist.[a-z-]+\.js$/ }, ({ path }) => {
      const place = relative(outdir, path).replaceAll('\\', '/');
      const text = readFileSync(path, 'utf8');
      const isLauncher = path.endsWith(`${sep}own-program.js`);
      const moved = isLauncher ? text.replace('../bin/guruconnect.js', './guruconnect.js') : text;
      return {
        contents: isLauncher
          ? moved
          : moved.replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`),
      };
    });
  },
});

/**
 * Programs with what they share beside them.
 * @param {Record<string, string>} entryPoints the launcher has to be `guruconnect`
 * @param {string} outdir is emptied first
 */
export async function bundlePrograms(entryPoints, outdir) {
  rmSync(outdir, { recursive: true, force: true });
  await build({
    ...COMMON,
    entryPoints,
    outdir,
    format: 'esm',
    target: 'node20',
    splitting: true,
    plugins: [placesIn(outdir)],
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); ${TITLE}`,
    },
  });
  writeFileSync(join(outdir, 'package.json'), '{ "type": "module" }\n');
}

/** The fixtures of the Windows suites and the product's launcher. */
export async function bundleForWindows() {
  const fixtures = readdirSync(FIXTURES).filter((name) => name.endsWith('.js'));
  const entryPoints = {
    guruconnect: LAUNCHER,
    soak: join(ROOT, 'test', 'dist', 'soak', 'main.js'),
    ...Object.fromEntries(fixtures.map((name) => [basename(name, '.js'), join(FIXTURES, name)])),
  };
  await bundlePrograms(entryPoints, BUNDLED);
}
