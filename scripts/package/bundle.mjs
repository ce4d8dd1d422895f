// Everything that is run, in as few files as can be: the product in one for the executable, what the Windows suites start in some.
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { cyclonedxEsbuildPlugin } from '@cyclonedx/cyclonedx-esbuild';
import { build } from 'esbuild';
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

/**
 * The product as one CommonJS file: what a single executable runs is not a module.
 * @param {string} outfile
 * @param {Record<string, string>} constants identifiers that the build knows: `{ GURUCONNECT_COMMIT: '"abc"' }`
 * @returns {Promise<string[]>} the packages that are in it, by their folders
 */
export async function bundleProduct(outfile, constants = {}) {
  const { metafile } = await build({
    ...COMMON,
    entryPoints: [LAUNCHER],
    outfile,
    format: 'cjs',
    target: 'node22',
    legalComments: 'none',
    metafile: true,
    plugins: [
      cyclonedxEsbuildPlugin({ outputFile: 'sbom.json', outputReproducible: true, logLevel: 'silent' }),
    ],
    define: { ...COMMON.define, 'import.meta.url': '__moduleUrl', ...constants },
    banner: {
      js: `${TITLE} const __moduleUrl = require('node:url').pathToFileURL(process.execPath).href;`,
    },
  });
  const folders = Object.keys(metafile.inputs).map(
    (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0],
  );
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
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
