import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TIMING } from '@guruconnect/shared/timing';
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
    rows.map(([, name = '', ms = '']) => [name, Number(ms.replace(',', ''))]),
  );
  t.same(documented, TIMING);
  t.end();
});
