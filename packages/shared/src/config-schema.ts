/**
 * What a valid configuration is: one schema for the file, the environment and the flags, with its documentation in it.
 * `config.schema.json` is made of it (`npm run schemas`). Pure.
 */
import * as v from 'valibot';
import { Proxy, RelayUrl, isLoopback } from './config-urls.ts';
import { SYSTEM_PROXY } from './system-proxy.ts';
import { LOG_LEVELS } from './log-levels.ts';
import { PROXY_FALLBACKS } from './proxy-fallbacks.ts';
import { NO_WORKER_ACCOUNT, WORKER_ACCOUNTS } from './worker-accounts.ts';

/** `sha256/` and the base64 of a SHA-256: 43 characters and a `=`. */
const PIN = /^sha256\/[A-Za-z0-9+/]{43}=$/;
const Pin = v.pipe(v.string('not a text'), v.regex(PIN, 'not sha256/ and 44 characters of base64'));

const asList = (value: unknown): unknown =>
  typeof value === 'string' ? value.split(/[\s,]+/).filter((part) => part !== '') : value;

const isTwoKeys = (pins: string[]): boolean => new Set(pins).size >= 2;
const isEachOnce = (pins: string[]): boolean => new Set(pins).size === pins.length;

const ONE_PIN = PIN.source.slice(1, -1);
/** The input's JSON Schema, which ends where a transformation begins. */
const PINS_INPUT = {
  anyOf: [
    { type: 'array', items: { type: 'string', pattern: PIN.source }, minItems: 2, uniqueItems: true },
    { type: 'string', pattern: `^[\\s,]*${ONE_PIN}([\\s,]+${ONE_PIN})+[\\s,]*$` },
  ],
};

/** A list; where it has to be one text, a comma or a space parts the pins. */
const Pins = v.pipe(
  v.unknown(),
  v.metadata({
    description:
      "What the relay's own certificate may have for a key: sha256/ and the base64 of the SHA-256 of its SubjectPublicKeyInfo " +
      '(RFC 7469). Two different ones at least, that in use and a spare one. Absent: any key whose certificate is trusted.',
    ...PINS_INPUT,
  }),
  v.transform(asList),
  v.array(Pin, 'not a list of pins'),
  v.check(isTwoKeys, 'is not two different pins at least: with one alone, a lost key would lose the machine'),
  v.check(isEachOnce, 'has a pin twice'),
);

const LAST_PORT = 65_535;
/** 1 to 65535 in decimal, without leading zeros. */
const PORT_TEXT = /^(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/;
const PORT_INPUT = {
  anyOf: [
    { type: 'integer', minimum: 1, maximum: LAST_PORT },
    { type: 'string', pattern: PORT_TEXT.source },
  ],
};

const asNumber = (value: unknown): unknown =>
  typeof value === 'string' && PORT_TEXT.test(value) ? Number(value) : value;

const isPort = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LAST_PORT;

const MetricsPort = v.pipe(
  v.unknown(),
  v.metadata({
    description:
      'TCP port on 127.0.0.1, 1 to 65535, where the worker serves its metrics to Prometheus. Absent: it does not.',
    examples: [9464],
    ...PORT_INPUT,
  }),
  v.transform(asNumber),
  v.custom<number>(isPort, `not a port from 1 to ${LAST_PORT}`),
);

const EnrollToken = v.pipe(
  v.string('not a text'),
  v.regex(/^[\x21-\x7e]{1,512}$/, 'not 1 to 512 printable characters'),
  v.description(
    'Secret. Enrols this machine, once: 1 to 512 printable ASCII characters. Not needed where a credential is stored.',
  ),
);

const Ca = v.pipe(
  v.string('not a text'),
  v.nonEmpty('empty'),
  v.description(
    "Path of a PEM file of certificates to trust beside the system's. In the file it is meant from the file's folder.",
  ),
);

const LogLevel = v.pipe(
  v.picklist(LOG_LEVELS, `not one of ${LOG_LEVELS.join(', ')}`),
  v.description('The least severe line that is logged.'),
);

const ProxyFallback = v.pipe(
  v.picklist(PROXY_FALLBACKS, `not one of ${PROXY_FALLBACKS.join(', ')}`),
  v.description(
    'direct: while the proxy cannot be reached, every second try goes past it. none: it never does.',
  ),
);

const WorkerAccount = v.pipe(
  v.picklist(WORKER_ACCOUNTS, NO_WORKER_ACCOUNT),
  v.description(
    "Whom the worker runs as in the Windows service. local-service: LocalService with a restricted token; the service's own " +
      'process keeps the credential. own: whoever the service runs as. Of no effect elsewhere.',
  ),
);

const Fields = v.strictObject({
  relay: RelayUrl,
  enrollToken: v.optional(EnrollToken),
  logLevel: v.optional(LogLevel, 'info'),
  ca: v.optional(Ca),
  proxy: v.optional(Proxy),
  proxyFallback: v.optional(ProxyFallback, 'none'),
  pins: v.optional(Pins),
  metricsPort: v.optional(MetricsPort),
  workerAccount: v.optional(WorkerAccount, 'own'),
});

/**
 * With `ws://` through a proxy elsewhere the credential would leave this machine in the clear all the same. The system's proxy is
 * never asked for such a relay.
 */
const staysHere = ({
  relay,
  proxy,
}: {
  readonly relay: string;
  readonly proxy?: string | undefined;
}): boolean =>
  proxy === undefined ||
  proxy === SYSTEM_PROXY ||
  relay.startsWith('wss:') ||
  isLoopback(new URL(proxy).hostname);

export const ConfigSchema = v.pipe(
  Fields,
  v.forward(
    // Of these two keys only: what is wrong with another one is no reason to keep silent about it.
    v.partialCheck(
      [['relay'], ['proxy']],
      staysHere,
      'is not on this machine: a ws:// relay is reached through a proxy on this machine only',
    ),
    ['proxy'],
  ),
);

/** The configuration as it is written: files that it names are not read yet. */
export type Settings = v.InferOutput<typeof ConfigSchema>;
export type Config = Omit<Settings, 'ca'> & {
  /** Certificates, each a PEM block, that are trusted beside those of the system. */
  readonly ca?: readonly string[];
};
