/** A certificate authority of a test's own, made by openssl: it signs what no authority should. */
import { spawnSync } from 'node:child_process';
import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { tempDir } from './temp-dir.ts';

const works = spawnSync('openssl', ['version']).status === 0;
/** For tap: why the tests of an authority's own certificates cannot run. */
export const AUTHORITY = { skip: works ? false : 'openssl is not installed' };

const CONFIG = `
[ca]
default_ca = it
[it]
dir = .
database = index.txt
new_certs_dir = .
certificate = ca.pem
private_key = ca-key.pem
default_md = sha256
policy = any
unique_subject = no
rand_serial = yes
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[self]
basicConstraints = critical,CA:true
`;

export interface Wanted {
  /** As openssl writes alternative names; default: this machine's, by name and by address. */
  readonly names?: string;
  /** Days from now; default: from yesterday to tomorrow. */
  readonly fromDay?: number;
  readonly toDay?: number;
  /** Default: a new one. */
  readonly key?: KeyObject;
}

export interface Identity {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
/** As ASN.1 wants it: 20260102030405Z. */
const dayFromNow = (days: number): string =>
  new Date(Date.now() + days * DAY_MS).toISOString().replace(/\..*|[-:T]/g, '') + 'Z';

export const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const openssl = (cwd: string, ...args: readonly string[]): void => {
  const { status, stderr } = spawnSync('openssl', args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
};

/** @returns the authority's own certificate, its file, and what issues certificates */
export const createAuthority = (t: Test, name = 'Authority of a test') => {
  const dir = tempDir(t);
  const write = (file: string, text: string): void => {
    writeFileSync(join(dir, file), text);
  };
  const read = (file: string): string => readFileSync(join(dir, file), 'utf8');
  write('index.txt', '');
  write('openssl.cnf', CONFIG);
  write('ca-key.pem', pemOf(newKey()));
  const self = ['-x509', '-extensions', 'self', '-subj', `/CN=${name}`, '-days', '2'];
  openssl(dir, 'req', '-config', 'openssl.cnf', '-key', 'ca-key.pem', '-out', 'ca.pem', ...self);

  const issue = ({ names = 'DNS:localhost,IP:127.0.0.1,IP:::1', ...wanted }: Wanted = {}): Identity => {
    const key = pemOf(wanted.key ?? newKey());
    write('key.pem', key);
    write('names.cnf', `subjectAltName = ${names}\n`);
    const request = ['-new', '-key', 'key.pem', '-subj', '/CN=relay', '-out', 'request.pem'];
    openssl(dir, 'req', '-config', 'openssl.cnf', ...request);
    const times = ['-startdate', dayFromNow(wanted.fromDay ?? -1), '-enddate', dayFromNow(wanted.toDay ?? 1)];
    const files = ['-in', 'request.pem', '-extfile', 'names.cnf', '-out', 'cert.pem'];
    openssl(dir, 'ca', '-batch', '-notext', '-config', 'openssl.cnf', ...times, ...files);
    return { cert: read('cert.pem'), key };
  };
  return { ca: [read('ca.pem')], file: join(dir, 'ca.pem'), issue };
};

/** A certificate that nobody but its own key signed. */
export const selfSigned = (t: Test): Identity => {
  const dir = tempDir(t);
  const key = pemOf(newKey());
  writeFileSync(join(dir, 'key.pem'), key);
  writeFileSync(join(dir, 'openssl.cnf'), CONFIG);
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName = DNS:localhost,IP:127.0.0.1'];
  const how = ['-x509', '-key', 'key.pem', '-days', '2', '-out', 'cert.pem'];
  openssl(dir, 'req', '-config', 'openssl.cnf', ...how, ...subject);
  return { cert: readFileSync(join(dir, 'cert.pem'), 'utf8'), key };
};
