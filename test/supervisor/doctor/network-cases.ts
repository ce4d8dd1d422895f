/** The way to the relay, broken at every place of it, and the link. */
import type { ProbeStep } from '@guruconnect/shared/probe-protocol';
import type { DoctorFacts } from '@guruconnect/supervisor/doctor/facts';
import { NOBODY, answer } from '../manage/status-cases.ts';
import {
  type Cases,
  ANSWERED,
  CERTIFICATE,
  CONNECTED,
  DIRECT,
  OTHER_PIN,
  PIN,
  REACHED,
  RESOLVED,
  SECURED,
  WAY,
  WELL,
  fail,
  inspection,
  known,
  offline,
  withStatus,
} from './cases.ts';

const DAY = 86_400_000;
const NOW = WELL.now;
const tls = [WAY, REACHED, RESOLVED, CONNECTED, CERTIFICATE];
const steps = (...all: readonly ProbeStep[]): Partial<DoctorFacts> => ({ probe: known(all) });
const ends = (days: number, at = NOW): Partial<DoctorFacts> =>
  steps(WAY, REACHED, CONNECTED, { ...CERTIFICATE, validTo: at + days * DAY }, SECURED, ANSWERED);
const answered = (status: number): Partial<DoctorFacts> =>
  steps(...tls, SECURED, { kind: 'answered', status });
const dated = (off: number): Partial<DoctorFacts> =>
  steps(...tls, SECURED, { ...ANSWERED, date: new Date(NOW - off).toUTCString() });
const proxied = { proxy: 'http://proxy.example:3128' };
const PROXY_WAY = { kind: 'way', proxy: 'http://proxy.example:3128' } as const;
const FALLBACK = { ...proxied, proxyFallback: 'direct' } as const;
const NAMED: ProbeStep = { kind: 'resolved', name: 'proxy.example', addresses: ['192.0.2.9'] };
const PAST_IT = steps(PROXY_WAY, fail('dead'), WAY, REACHED, RESOLVED, fail('refused', 'ECONNREFUSED'));
const config = (...given: Parameters<typeof inspection>): Partial<DoctorFacts> => ({
  inspection: inspection(...given),
});

export const NETWORK_CASES: Cases = {
  'a clock that is ahead': ['clock', dated(120_000), 'warning', /2 min 00 s ahead[^]*w32tm/],
  'a clock that is behind': ['clock', dated(-3_600_000), 'warning', /1 h 00 min behind/],
  'a clock outside of the certificate': [
    'clock',
    { ...ends(1, NOW - 3 * DAY) },
    'failed',
    /outside of the certificate/,
  ],
  'a clock that only the certificate speaks against': [
    'clock',
    steps(
      WAY,
      REACHED,
      CONNECTED,
      { ...CERTIFICATE, validFrom: NOW + DAY },
      fail('not yet valid', 'CERT_NOT_YET_VALID'),
    ),
    'failed',
    /set the clock/,
  ],
  'a relay that does not tell the time': ['clock', answered(401), 'skipped', /not told the time/],
  'a name that there is not': [
    'dns',
    steps(WAY, REACHED, fail('ENOTFOUND', 'ENOTFOUND')),
    'failed',
    /relay\.example[^]*DNS servers/,
  ],
  'an address': [
    'dns',
    { ...config({ relay: 'wss://192.0.2.1' }), ...steps(WAY, REACHED, CONNECTED, ANSWERED) },
    'ok',
    /nothing to resolve/,
  ],
  'the name of a dead proxy': [
    'dns',
    { ...config(proxied), ...steps(PROXY_WAY, fail('ENOTFOUND', 'ENOTFOUND')) },
    'failed',
    /the proxy, proxy\.example/,
  ],
  'nobody listens': [
    'tcp',
    steps(WAY, REACHED, RESOLVED, fail('refused', 'ECONNREFUSED')),
    'failed',
    /relay\.example[^]*port right/,
  ],
  'a firewall that drops': [
    'tcp',
    steps(WAY, REACHED, RESOLVED, fail('no answer in time')),
    'failed',
    /firewall/,
  ],
  'a proxy that wants a password': [
    'proxy',
    { ...config(proxied), ...steps(PROXY_WAY, NAMED, CONNECTED, fail('status 407')) },
    'failed',
    /password[^]*407/,
  ],
  'settings of the system that cannot be had': [
    'proxy',
    { ...config({ proxy: 'system' }), ...steps(fail('no answer')) },
    'failed',
    /no answer/,
  ],
  'a proxy that lets the agent through': [
    'proxy',
    { ...config(proxied), ...steps(PROXY_WAY, NAMED, CONNECTED, REACHED, CERTIFICATE, SECURED, ANSWERED) },
    'ok',
    /http:\/\/proxy\.example:3128/,
  ],
  'a dead proxy that is gone past': [
    'proxy',
    {
      ...config(FALLBACK),
      ...steps(PROXY_WAY, fail('dead'), ...DIRECT),
    },
    'warning',
    /goes past it[^]*dead/,
  ],
  'a dead proxy, and a relay that cannot be reached past it': [
    'proxy',
    { ...config(FALLBACK), ...PAST_IT },
    'warning',
    /goes past it[^]*dead/,
  ],
  'a relay that cannot be reached past a dead proxy': [
    'tcp',
    { ...config(FALLBACK), ...PAST_IT },
    'failed',
    /the relay cannot be reached/,
  ],
  'TLS past a dead proxy to nowhere': [
    'tls',
    { ...config(FALLBACK), ...PAST_IT },
    'skipped',
    /because tcp failed/,
  ],
  'a step that was told too late is no second try': [
    'tcp',
    { ...config(proxied), ...steps(PROXY_WAY, NAMED, fail('no answer in time'), CONNECTED) },
    'failed',
    /the proxy cannot be reached/,
  ],
  'an authority that nobody knows': [
    'tls',
    steps(...tls, fail('self-signed', 'SELF_SIGNED_CERT_IN_CHAIN')),
    'failed',
    /cannot be trusted[^]*--ca[^]*issued by CN=Some Authority/,
  ],
  'a certificate for another name': [
    'tls',
    steps(...tls, fail('altnames', 'ERR_TLS_CERT_ALTNAME_INVALID')),
    'failed',
    /by the name/,
  ],
  'a certificate that has expired': [
    'tls',
    steps(...tls, fail('expired', 'CERT_HAS_EXPIRED')),
    'failed',
    /renew[^]*clock/,
  ],
  'no TLS at all': [
    'tls',
    steps(WAY, REACHED, RESOLVED, CONNECTED, fail('wrong version number')),
    'failed',
    /with TLS behind that port/,
  ],
  'a certificate that ends soon': ['tls', ends(13), 'warning', /ends in 13 days/],
  'a certificate that ends in two weeks': ['tls', ends(14.5), 'ok', /14 days/],
  'a relay without TLS': ['tls', config({ relay: 'ws://127.0.0.1:1' }), 'skipped', /ws:\/\//],
  'a key that is pinned': ['pins', config({ pins: [OTHER_PIN, PIN] }), 'ok', /one of them/],
  'a key that is not pinned': [
    'pins',
    { ...config({ pins: [OTHER_PIN, OTHER_PIN] }), ...steps(...tls, SECURED, fail('pins')) },
    'failed',
    /none of the pinned ones[^]*--pins/,
  ],
  'a relay that is silent': [
    'relay',
    steps(...tls, SECURED, fail('no answer in time')),
    'failed',
    /gave no answer/,
  ],
  'a relay that is busy': ['relay', answered(503), 'warning', /busy/],
  'a balancer without WebSocket': ['relay', answered(426), 'failed', /WebSocket/],
  'a filter that forbids': ['relay', answered(403), 'warning', /filter/],
  'somebody else who wants a log-in': ['relay', answered(401), 'warning', /not in the relay's name/],
  'another web server': ['relay', answered(404), 'failed', /no relay of ours/],
  'a portal': ['relay', answered(302), 'failed', /log-in/],
  'a broken gateway': ['relay', answered(502), 'failed', /broken[^]*502/],
  'a relay for everybody': ['relay', answered(101), 'warning', /whoever comes/],
  'a link that is on its way': ['link', offline(5000, 'refused'), 'warning', /moment[^]*refused/],
  'a link that is down': ['link', offline(600_000, 'refused'), 'failed', /for 10 min 00 s[^]*refused/],
  'a supervisor that hangs': [
    'link',
    withStatus({ live: answer({}, 999_000) }),
    'failed',
    /restart[^]*hangs/,
  ],
  'a status for administrators': [
    'link',
    withStatus({ live: { kind: 'denied' } }),
    'skipped',
    /administrators/,
  ],
  'no supervisor': [
    'link',
    withStatus({ live: NOBODY, service: { kind: 'no-scm' } }),
    'skipped',
    /no supervisor/,
  ],
};
