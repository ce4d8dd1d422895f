import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '@guruconnect/shared/exit-codes';
import { TIMING } from '@guruconnect/shared/timing';
import { RECOVERY } from '@guruconnect/supervisor/manage/service-definition';
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

const SOURCES = {
  supervisor: /^\| `([^`]+)` \| (?:fatal|error|warn|info|debug) \|/gm,
  worker: /^\| `([^`]+)` \| \w* ?\| (?:fatal|error|warn|info|debug)(?:, warn)? \|/gm,
};
for (const [name, row] of Object.entries(SOURCES)) {
  test(`docs/operations.md names every line that the ${name} logs, and no other`, (t) => {
    const folder = join(ROOT, 'packages', name, 'src');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const logged = sources.flatMap((file) =>
      [
        ...readFileSync(join(folder, file), 'utf8').matchAll(
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
