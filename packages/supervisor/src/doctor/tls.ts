/** TLS at the relay: chain and name, how long the certificate is good for, and the pins. Pure. */
import { type CertificateFault, certificateFault } from '@guruconnect/shared/certificate-fault';
import { type Verdict, failed, ok, skipped, warning } from './check.ts';
import type { DoctorFacts } from './facts.ts';
import { judgeTries } from './network.ts';
import type { Way } from './way.ts';

const DAY_MS = 86_400_000;
/** A certificate that ends sooner is worth a word. */
const SOON_DAYS = 14;

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const UNTRUSTED =
  "is the authority's certificate configured (--ca)? An issuer that nobody knows can be a proxy or a virus scanner that reads along: " +
  'have the relay exempted there';
const EXPIRED = 'renew the certificate at the relay; if it is good there, the clock of this machine is wrong';

const ADVICE: Readonly<Record<CertificateFault, string>> = {
  untrusted: UNTRUSTED,
  'not-yet-valid': 'set the clock of this machine; if it is right, the certificate is from the future',
  expired: EXPIRED,
  'wrong-name':
    'is the relay configured by the name that it has a certificate for? Else something on the way answers in its place',
};
const NO_HANDSHAKE = 'is there a relay with TLS behind that port, and nothing on the way that ends it?';

const describe = ({ certificate }: Way): string | undefined =>
  certificate &&
  `shown: ${certificate.subject}, issued by ${certificate.issuer}, good from ${day(certificate.validFrom)} to ${day(certificate.validTo)}`;

const join = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join('; ');

const judgeExpiry = (way: Way, now: number): Verdict => {
  const { certificate, secured } = way;
  const protocol = secured?.protocol ?? 'TLS';
  if (certificate === undefined) return ok(`${protocol}, trusted`);
  const days = Math.floor((certificate.validTo - now) / DAY_MS);
  const left = `${days} ${days === 1 ? 'day' : 'days'}`;
  return days < SOON_DAYS
    ? warning(`the relay's certificate ends in ${left}`, 'have it renewed at the relay', describe(way))
    : ok(`${protocol}, trusted, good until ${day(certificate.validTo)} (${left})`);
};

export const judgeTls = (facts: DoctorFacts): Verdict =>
  judgeTries(facts, ({ relay, last }) => {
    if (!relay.startsWith('wss:')) return skipped('the relay is on this machine, and without TLS (ws://)');
    if (last.secured !== undefined) return judgeExpiry(last, facts.now);
    if (last.failure?.at !== 'tls') return skipped('it did not come to that');
    const fault = certificateFault(last.failure.code);
    return failed(
      'the relay cannot be trusted: no secure connection to it',
      fault === undefined ? NO_HANDSHAKE : ADVICE[fault],
      join(last.failure.why, describe(last)),
    );
  });

export const judgePins = (facts: DoctorFacts): Verdict =>
  judgeTries(facts, ({ last }, { pins }) => {
    if (pins === undefined) return ok('none are configured: any trusted key will do');
    const pin = last.certificate?.pin;
    if (pin === undefined) return skipped('no certificate was shown');
    return pins.includes(pin)
      ? ok("the relay's key is one of them")
      : failed(
          "the relay's key is none of the pinned ones: the agent does not connect",
          'if the relay has a new key, configure it beside a spare one (--pins); else somebody answers in its place',
          join(pin, describe(last)),
        );
  });
