/** What goes into an archive, and the page that says so. Pure. */
import { REMOVED } from './scrub.ts';

export type Entry =
  | { readonly name: string; readonly kind: 'text'; readonly text: string; readonly remark?: string }
  /** It could not be had; the archive says so itself. */
  | { readonly name: string; readonly kind: 'missing'; readonly why: string };

export const jsonEntry = (name: string, value: unknown): Entry => ({
  name,
  kind: 'text',
  text: `${JSON.stringify(value, undefined, 2)}\n`,
});

/** @returns the entry, or one that says why there is none. */
export const entryOf = (name: string, work: () => Entry): Entry => {
  try {
    return work();
  } catch (error) {
    return { name, kind: 'missing', why: error instanceof Error ? error.message : String(error) };
  }
};

const lineOf = (entry: Entry): string => {
  if (entry.kind === 'missing') return `  ${entry.name}: NOT HERE: ${entry.why}`;
  return `  ${entry.name}${entry.remark === undefined ? '' : ` (${entry.remark})`}`;
};

/** @param at RFC 3339. */
export const contentsPage = (entries: readonly Entry[], at: string): Entry => ({
  name: 'README.txt',
  kind: 'text',
  text: [
    `GuruConnect agent: diagnostics of ${at}`,
    '',
    ...entries.map(lineOf),
    '',
    `Secrets were taken out, and are ${REMOVED}: the credential, the enrolment token, the proxy's password (its user, where there is none).`,
    'The store is not in here. Names, addresses and paths of this machine are: look before you hand it on.',
    '',
  ].join('\r\n'),
});
