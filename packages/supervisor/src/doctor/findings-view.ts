/** The doctor's findings as text, a line for each and more where something is to be done, and as JSON. Pure. */
import { styleText } from 'node:util';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { printable } from '@guruconnect/shared/printable';
import type { CheckName, Finding, Verdict } from './check.ts';

type Kind = Verdict['kind'];

const KINDS: readonly Kind[] = ['ok', 'warning', 'failed', 'skipped'];
const COLORS: Readonly<Record<Kind, Parameters<typeof styleText>[0]>> = {
  ok: 'green',
  warning: 'yellow',
  failed: 'red',
  skipped: 'dim',
};
const KIND_WIDTH = 9;
const NAME_WIDTH = 15;
const INDENT = ' '.repeat(2 + KIND_WIDTH + NAME_WIDTH);

export const findingsExitCode = (findings: readonly Finding[]): ExitCode =>
  findings.some(({ verdict }) => verdict.kind === 'failed') ? EXIT.unhealthy : EXIT.ok;

const count = (findings: readonly Finding[], kind: Kind): number =>
  findings.filter(({ verdict }) => verdict.kind === kind).length;

const summary = (findings: readonly Finding[]): string =>
  KINDS.map((kind) => [count(findings, kind), kind] as const)
    .filter(([many]) => many > 0)
    .map(([many, kind]) => `${many} ${kind}`)
    .join(', ');

/** A check's name as a person reads it. */
const spell = (name: CheckName): string => name.replaceAll('-', ' ');

const rest = (verdict: Verdict): readonly (readonly [label: string, text: string])[] => {
  if (verdict.kind !== 'warning' && verdict.kind !== 'failed') return [];
  return [
    ...(verdict.why === undefined ? [] : [['why', verdict.why] as const]),
    ['do', verdict.todo] as const,
  ];
};

/** Those that are skipped one after the other for the same reason are told together. */
const fold = (findings: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] => {
  const groups: [Finding, ...Finding[]][] = [];
  for (const finding of findings) {
    const group = groups.at(-1);
    const { verdict } = finding;
    const former = group?.[0].verdict;
    const isSame = verdict.kind === 'skipped' && former?.kind === 'skipped' && former.why === verdict.why;
    if (group !== undefined && isSame) group.push(finding);
    else groups.push([finding]);
  }
  return groups;
};

/** Some of the text was chosen by the relay, or by whoever stands in its place: it is made fit for a terminal. */
export const renderFindings = (findings: readonly Finding[], colors: boolean): string => {
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    colors ? styleText(format, text, { validateStream: false }) : text;
  const lines = fold(findings).flatMap(([{ name, verdict }, ...others]) => {
    const what = verdict.kind === 'skipped' ? verdict.why : verdict.what;
    const kind = style(COLORS[verdict.kind], verdict.kind.padEnd(KIND_WIDTH));
    const also = others.map((other) => spell(other.name)).join(', ');
    return [
      `  ${kind}${spell(name).padEnd(NAME_WIDTH)}${printable(what)}`,
      ...rest(verdict).map(([label, text]) => `${INDENT}${style('dim', `${label}: `)}${printable(text)}`),
      ...(also === '' ? [] : [`${INDENT}${style('dim', 'and so:')} ${also}`]),
    ];
  });
  const title = style('bold', 'GuruConnect agent: doctor');
  return ['', title, '', ...lines, '', `  ${summary(findings)}`, '', ''].join('\n');
};

/** Of a stable form; what a verdict does not have is `null`. */
export const findingsJson = (findings: readonly Finding[]) => ({
  checks: findings.map(({ name, verdict }) => ({
    name,
    result: verdict.kind,
    what: verdict.kind === 'skipped' ? null : verdict.what,
    why: 'why' in verdict ? (verdict.why ?? null) : null,
    todo: 'todo' in verdict ? verdict.todo : null,
    because: 'because' in verdict ? (verdict.because ?? null) : null,
  })),
  counts: Object.fromEntries(KINDS.map((kind) => [kind, count(findings, kind)])),
  exitCode: findingsExitCode(findings),
});
