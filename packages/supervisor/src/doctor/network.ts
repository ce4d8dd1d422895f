/** The way to the relay as the worker's own program has tried it: DNS, TCP, proxy. Pure. */
import { isIP } from 'node:net';
import { type Verdict, failed, judgeKnown, ok, skipped, warning } from './check.ts';
import type { DoctorFacts } from './facts.ts';
import { type Way, hostOf, triesOf, wayOf } from './way.ts';

/** The tries of a valid configuration; the last one is the one that counts. */
interface Tries {
  readonly relay: string;
  readonly first: Way;
  readonly last: Way;
}

/** Over the tries, where there are any. */
export const judgeTries = (
  { inspection, probe }: DoctorFacts,
  judge: (tries: Tries, facts: NonNullable<typeof inspection.config>) => Verdict,
): Verdict => {
  const { config } = inspection;
  if (config === undefined) return skipped('the configuration is not known');
  return judgeKnown(probe, (steps) => {
    const tries = triesOf(steps).map((one) => wayOf(one, config.relay, config.pins));
    const [first, last = first] = tries;
    return first === undefined || last === undefined
      ? skipped('the way was not tried')
      : judge({ relay: config.relay, first, last }, config);
  });
};

/** Who is at the other end of the first connection. */
const target = ({
  relay,
  last,
}: Tries): { readonly who: string; readonly host: string; readonly url: string } => {
  const url = last.proxy ?? relay;
  return { who: last.proxy === undefined ? 'the relay' : 'the proxy', host: hostOf(url), url };
};

export const judgeDns = (facts: DoctorFacts): Verdict =>
  judgeTries(facts, (tries) => {
    const { resolved, failure } = tries.last;
    const { who, host } = target(tries);
    if (failure?.at === 'dns')
      return failed(
        `the name of ${who}, ${host}, cannot be resolved`,
        'is the machine on a network? Are its DNS servers right, and the name?',
        failure.why,
      );
    if (resolved !== undefined) return ok(`${host}: ${resolved.addresses.join(', ')}`);
    // The proxy's settings are asked for first.
    if (isIP(host) === 0) return skipped('the name was not asked for');
    return ok(`${host} is an address: there is nothing to resolve`);
  });

const TCP_ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: is it up, and is the port right?',
  EHOSTUNREACH: 'there is no way there: is the machine on the right network?',
  ENETUNREACH: 'there is no way there: is the machine on a network at all?',
};

export const judgeTcp = (facts: DoctorFacts): Verdict =>
  judgeTries(facts, (tries) => {
    const { connected, failure } = tries.last;
    const { who, url } = target(tries);
    if (connected !== undefined) return ok(`connected to ${connected.address}, port ${connected.port}`);
    if (failure?.at !== 'tcp') return skipped('no connection was tried');
    return failed(
      `${who} cannot be reached (${new URL(url).host})`,
      TCP_ADVICE[failure.code ?? ''] ?? 'is there a firewall on the way, or is it down?',
      failure.why,
    );
  });

/** Whether the agent's second try went past the proxy: of the first one that says enough, wherever the second one ended. */
export const wentPast = ({ inspection, probe }: DoctorFacts): boolean =>
  inspection.config !== undefined && probe.kind === 'known' && triesOf(probe.value).length > 1;

export const judgeProxy = (facts: DoctorFacts): Verdict =>
  judgeTries(facts, ({ first, last }, { proxy }) => {
    if (proxy === undefined) return ok('none: the way is direct');
    const past = last !== first;
    if (past)
      return warning(
        'the proxy is dead, and the agent goes past it at every second try (proxyFallback)',
        'mend the proxy, or take it out of the configuration',
        first.failure?.why,
      );
    if (last.failure?.at === 'proxy')
      return failed(
        'the proxy does not let the agent through',
        'is it the right one ("guruconnect config check"), with the right user and password, and does it allow CONNECT to the relay?',
        last.failure.why,
      );
    return ok(last.proxy ?? `${proxy}: the way is direct`);
  });
