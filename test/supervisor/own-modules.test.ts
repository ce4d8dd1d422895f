import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'tap';
import { ROOT, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const OWN_MODULES = pathToFileURL(join(ROOT, 'packages', 'supervisor', 'bin', 'own-modules.js')).href;

/** A program whose own module asks for one that somebody has planted above it, and for one beside it. */
const plant = (outer: string, guarded: boolean): string => {
  const app = join(outer, 'app');
  const write = (folder: string, text: string): void => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.js'), text);
  };
  write(join(outer, 'node_modules', 'planted'), 'module.exports = "planted";');
  write(join(app, 'node_modules', 'beside'), 'module.exports = "beside";');
  write(
    join(app, 'node_modules', 'own'),
    'const ask = (name) => { try { return require(name); } catch (error) { return error.code; } };' +
      'module.exports = `${ask("beside")} ${ask("planted")}`;',
  );
  const script = join(app, 'main.mjs');
  writeFileSync(
    script,
    `import { keepToOwnModules } from ${JSON.stringify(OWN_MODULES)};
     ${guarded ? 'keepToOwnModules(import.meta.dirname);' : 'void keepToOwnModules;'}
     console.log((await import('own')).default);`,
  );
  return script;
};

test('a module that was planted in a folder above is not found; one of our own is', async (t) => {
  const { stdout, stderr } = await startProgram(plant(tempDir(t), true), []).ended;
  t.equal(stdout, 'beside MODULE_NOT_FOUND\n', stderr);
});

test('the agent’s folder is the checkout, or the one that it was installed into', async (t) => {
  const script = join(tempDir(t), 'main.mjs');
  writeFileSync(
    script,
    `import { ownRoot } from ${JSON.stringify(OWN_MODULES)};
     console.log(ownRoot('/a/packages/supervisor/bin/x.js'), ownRoot('/a/node_modules/@g/supervisor/bin/x.js'));`,
  );
  t.equal((await startProgram(script, []).ended).stdout, '/a /a\n');
});

test('without the guard it is found: the danger is real', async (t) => {
  const { stdout } = await startProgram(plant(tempDir(t), false), []).ended;
  t.equal(stdout, 'beside planted\n');
});
