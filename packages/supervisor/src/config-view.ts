/** The report on a configuration as text, a line for each thing, and as JSON for programs. Pure. */
import type { Source } from '@guruconnect/shared/config';
import { printable } from '@guruconnect/shared/printable';
import { type ConfigReport, type Row, problemText } from './config-report.ts';

const fileLine = ({ path, present }: ConfigReport['file']): string =>
  present ? path : `${path} (not there: no file is read)`;

const sourceWords = (source: Source, value: string | undefined): string => {
  if (source.kind !== 'default') return source.name;
  return value === undefined ? 'not set' : 'default';
};

const table = (rows: readonly Row[]): readonly string[] => {
  const cells = rows.map(
    ({ key, value, source }) => [key, value ?? '-', sourceWords(source, value)] as const,
  );
  const [keys, values] = [0, 1].map((at) => Math.max(0, ...cells.map((row) => row[at]?.length ?? 0)));
  return cells.map(
    ([key, value, from]) => `  ${key.padEnd(keys ?? 0)}  ${value.padEnd(values ?? 0)}  ${from}`,
  );
};

/** `error: `, `warning: ` and `info: ` begin the lines that are no table. Names in the file are somebody else's. */
export const renderConfig = (report: ConfigReport): string =>
  [
    `${report.problems.length === 0 ? 'valid' : 'not valid'}: ${fileLine(report.file)}`,
    ...table(report.rows),
    ...report.problems.map((problem) => `error: ${problemText(problem)}`),
    ...report.remarks.map(({ level, text }) => `${level}: ${text}`),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');

const sourceJson = (source: Source) =>
  source.kind === 'default' ? { kind: source.kind } : { kind: source.kind, name: source.name };

/** Of a stable form; secrets are `set` and the proxy is its origin, as on the screen. */
export const configJson = ({ file, problems, remarks, rows }: ConfigReport) => ({
  valid: problems.length === 0,
  file,
  values: Object.fromEntries(
    rows.map(({ key, value, source }) => [key, { value: value ?? null, source: sourceJson(source) }]),
  ),
  problems: problems.map(({ source, key, reason, meant }) => ({
    source: sourceJson(source),
    key: key ?? null,
    reason,
    ...(meant !== undefined && { meant }),
  })),
  remarks,
});
