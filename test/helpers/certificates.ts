/** The certificates of test/fixtures/tls, which protect nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './program.ts';

const path = (name: string): string => join(ROOT, 'test', 'fixtures', 'tls', `${name}.pem`);
const read = (name: string): string => readFileSync(path(name), 'utf8');

/** The file of the authority that signed the servers' certificates. */
export const CA_FILE = path('ca');
export const CA = [read('ca')];

/** What a server shows: `loopback` is for localhost and 127.0.0.1, `localhost` for that name, `elsewhere` for neither. */
export const serverIdentity = (name: 'loopback' | 'localhost' | 'elsewhere') => ({
  cert: read(name),
  key: read('test-only-key'),
});
