import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '@guruconnect/shared/exit-codes';
import { TIMING } from '@guruconnect/shared/timing';
import { RECOVERY } from '@guruconnect/supervisor/manage/service-definition';
import { SERVICE_CODE } from '@guruconnect/supervisor/machine';
import { test } from 'tap';
import { ROOT } from './helpers/program.ts';
import { linkTable, serviceTable } from './helpers/tables.ts';

const architecture = readFileSync(join(ROOT, 'docs', 'architecture.md'), 'utf8');

/** What stands between `<!-- name -->` and the next comment. */
const section = (name: string): string =>
  new RegExp(`<!-- ${name} -->\\n([^]*?)\\n<!--`).exec(architecture)?.[1]?.trim() ?? '';

test('docs/architecture.md shows the table of the service as the code has it', (t) => {
  t.equal(section('service table'), serviceTable());
  t.end();
});

test('docs/architecture.md shows the table of the link as the code has it', (t) => {
  t.equal(section('link table'), linkTable());
  t.end();
});

test('docs/architecture.md names every bound with its value', (t) => {
  const rows = [...section('bounds').matchAll(/^\| `(\w+)` \| ([\d,]+) ms \|/gm)];
  const documented = Object.fromEntries(
    rows.map(([, name = '', ms = '']) => [name, Number(ms.replaceAll(',', ''))]),
  );
  t.same(documented, TIMING);
  t.end();
});

const operations = readFileSync(join(ROOT, 'docs', 'operations.md'), 'utf8');

test('docs/operations.md names every exit code', (t) => {
  const table = /### Exit codes\n([^]*?)\n###/.exec(operations)?.[1] ?? '';
  const documented = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  t.same(documented, Object.values(EXIT));
  t.end();
});

/** The store's lines stand with the worker's. */
const SOURCES = {
  supervisor: {
    packages: ['supervisor'],
    row: /^\| `([^`]+)` \| (?:fatal|error|warn|info|debug) \|/gm,
  },
  worker: {
    packages: ['worker', 'store'],
    row: /^\| `([^`]+)` \| \w* ?\| (?:fatal|error|warn|info|debug)(?:, warn)? \|/gm,
  },
};
for (const [name, { packages, row }] of Object.entries(SOURCES)) {
  test(`docs/operations.md names every line that the ${name} logs, and no other`, (t) => {
    const sources = packages.flatMap((source) => {
      const folder = join(ROOT, 'packages', source, 'src');
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      return files.filter((file) => file.endsWith('.ts')).map((file) => join(folder, file));
    });
    const logged = sources.flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(
          /(?:log|\))\.(?:fatal|error|warn|info|debug)\([^;]*?'([^']+)'\s*,?\s*\);/g,
        ),
      ].map(([, message = '']) => message),
    );
    const documented = [...operations.matchAll(row)].map(([, message = '']) => message);
    t.same([...new Set(logged)].sort(), [...documented].sort());
    t.end();
  });
}

test('docs/operations.md has the recovery as the code sets it', (t) => {
  const delays = [...operations.matchAll(/^\| [^|]*(?:\d(?:st|nd|rd|th))[^|]* \| (\d+) (s|min) \|/gm)].map(
    ([, n, unit]) => Number(n) * (unit === 's' ? 1000 : 60_000),
  );
  const [first = 0, fourth, fifth, sixth] = delays;
  t.same(
    [first, first, first, fourth, fifth, sixth],
    RECOVERY.actions.map(({ delayMs }) => delayMs),
  );
  t.end();
});

test('docs/attack-surface.md names tests that exist', (t) => {
  const surface = readFileSync(join(ROOT, 'docs', 'attack-surface.md'), 'utf8');
  const named = [
    ...new Set([...surface.matchAll(/`(test\/[\w/-]+\.test\.ts)`/g)].map(([, path = '']) => path)),
  ];
  t.ok(named.length > 30);
  t.same(
    named.filter((path) => !existsSync(join(ROOT, path))),
    [],
  );
  t.end();
});

test('docs/operations.md names every service-specific code', (t) => {
  const table = /### Service-specific codes\n([^]*?)\nThe second/.exec(operations)?.[1] ?? '';
  const documented = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  t.same(documented, Object.values(SERVICE_CODE));
  t.end();
});
