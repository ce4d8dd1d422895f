/** How far a try of the way to the relay came, by the steps that it told. Pure. */
import { isIP } from 'node:net';
import type { ProbeStep } from '@guruconnect/shared/probe-protocol';

/** The checks of the way, in the order in which it is gone. */
export type Stage = 'dns' | 'tcp' | 'proxy' | 'tls' | 'pins' | 'relay';

type StepOf<Kind extends ProbeStep['kind']> = Extract<ProbeStep, { readonly kind: Kind }>;

/** One try: what it told, and where it ended. */
export interface Way {
  /** The proxy's origin; `undefined` for the direct way. */
  readonly proxy: string | undefined;
  readonly resolved: StepOf<'resolved'> | undefined;
  readonly connected: StepOf<'connected'> | undefined;
  readonly certificate: StepOf<'certificate'> | undefined;
  readonly secured: StepOf<'secured'> | undefined;
  readonly answered: StepOf<'answered'> | undefined;
  readonly failure:
    { readonly at: Stage; readonly why: string; readonly code: string | undefined } | undefined;
}

/** The name that this machine has to resolve. @param url of the relay, or of the proxy. */
export const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');

const find = <Kind extends ProbeStep['kind']>(
  steps: readonly ProbeStep[],
  kind: Kind,
): StepOf<Kind> | undefined => steps.find((step): step is StepOf<Kind> => step.kind === kind);

const stageOf = (steps: readonly ProbeStep[], relay: string, pins: readonly string[] | undefined): Stage => {
  const way = find(steps, 'way');
  // Which proxy it is could not even be found out.
  if (way === undefined) return 'proxy';
  if (find(steps, 'connected') === undefined) {
    const isName = isIP(hostOf(way.proxy ?? relay)) === 0;
    return isName && find(steps, 'resolved') === undefined ? 'dns' : 'tcp';
  }
  if (find(steps, 'reached') === undefined) return 'proxy';
  if (!relay.startsWith('wss:')) return 'relay';
  const certificate = find(steps, 'certificate');
  if (find(steps, 'secured') === undefined) return 'tls';
  return certificate !== undefined && pins?.includes(certificate.pin) === false ? 'pins' : 'relay';
};

const SILENT = { kind: 'failed', why: 'the program that tries the way ended without a word' } as const;

/** @param relay its URL. */
export const wayOf = (
  steps: readonly ProbeStep[],
  relay: string,
  pins: readonly string[] | undefined,
): Way => {
  const answered = find(steps, 'answered');
  const { why, code }: Omit<StepOf<'failed'>, 'kind'> = find(steps, 'failed') ?? SILENT;
  return {
    proxy: find(steps, 'way')?.proxy,
    resolved: find(steps, 'resolved'),
    connected: find(steps, 'connected'),
    certificate: find(steps, 'certificate'),
    secured: find(steps, 'secured'),
    answered,
    failure: answered === undefined ? { at: stageOf(steps, relay, pins), why, code } : undefined,
  };
};

/** What comes after the end of a try says nothing of it. */
const upToEnd = (steps: readonly ProbeStep[]): readonly ProbeStep[] => {
  const end = steps.findIndex(({ kind }) => kind === 'failed');
  return end === -1 ? steps : steps.slice(0, end + 1);
};

/** The tries, each from its `way` up to its end: the second one goes past a proxy that is dead. */
export const triesOf = (steps: readonly ProbeStep[]): readonly (readonly ProbeStep[])[] => {
  const next = steps.findIndex(({ kind }, at) => at > 0 && kind === 'way');
  return (next === -1 ? [steps] : [steps.slice(0, next), steps.slice(next)]).map(upToEnd);
};
