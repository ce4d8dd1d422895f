import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AGENT_OPTIONS } from '@guruconnect/shared/agent-options';
import { CONFIG_KEYS } from '@guruconnect/shared/config';
import { ENVIRONMENT } from '@guruconnect/shared/environment';
import { EXIT_MEANINGS } from '@guruconnect/shared/exit-codes';
import { TIMING } from '@guruconnect/shared/timing';
import { CHECK_NAMES } from '@guruconnect/supervisor/doctor/check';
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

test('docs/operations.md has the table of the exit codes as the code has it', (t) => {
  const table = /### Exit codes\n([^]*?)\n###/.exec(operations)?.[1] ?? '';
  const rows = [...table.matchAll(/^\| (\d+) \| (.*?) \| (.*) \|$/gm)].map(([row]) => row);
  const expected = EXIT_MEANINGS.map(({ code, of, meaning }) => {
    const commands = of.length === 0 ? 'all' : of.map((name) => `\`${name}\``).join(', ');
    return `| ${code} | ${commands} | ${meaning} |`;
  });
  t.same(rows, expected);
  t.end();
});

const VARIABLES: Readonly<Record<string, string | undefined>> = ENVIRONMENT;

test('README.md has every option of the agent, with its variable and its key', (t) => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const code = (text: string | undefined): string => (text === undefined ? '' : `\`${text}\``);
  const rows = [...readme.matchAll(/^\| `--([\w-]+)` \| (.*?) ?\| (.*?) ?\| /gm)].map((row) =>
    row.slice(1, 4),
  );
  const expected = AGENT_OPTIONS.map(({ name, key }) => {
    const isKey = CONFIG_KEYS.some((known) => known === key);
    return [name, code(VARIABLES[key]), isKey ? code(key) : ''];
  });
  t.same(rows.sort(), expected.sort());
  t.end();
});

/** The store's lines stand with the worker's, and what every log says of itself with the supervisor's. */
const SOURCES = {
  supervisor: {
    packages: ['supervisor', 'shared'],
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

test('docs/operations.md names every check of the doctor, in its order', (t) => {
  const table = /\n## doctor\n([^]*?)\n## /.exec(operations)?.[1] ?? '';
  const documented = [...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  t.same(documented, CHECK_NAMES);
  t.end();
});

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
