/** What the machine says: its firmware's table, and Windows' texts of proxies. */
import assert from 'node:assert/strict';
import { chooseProxy } from '@guruconnect/worker/network/proxy-list';
import { ownName, ownUuid, parseSmbios } from '@guruconnect/store/smbios';
import type { FuzzTarget } from '../target.ts';

const RELAYS = ['wss://relay.example/', 'wss://pc:8443/', 'wss://[::1]/', 'wss://10.0.0.1/'].map(
  (text) => new URL(text),
);
const MAX_NAME = 256;

const checkFirmware = (raw: Buffer): void => {
  const { uuid, product } = parseSmbios(raw);
  if (uuid !== undefined) assert.equal(ownUuid(uuid), uuid);
  for (const name of Object.values(product) as readonly string[]) {
    assert.ok(name.length > 0 && name.length <= MAX_NAME);
    assert.doesNotMatch(name, /\p{Cc}/u);
    assert.equal(ownName(name), name);
  }
};

/** Two texts, a NUL between them. */
const checkProxies = (input: Buffer): void => {
  const [proxy = '', bypass = ''] = input.toString().split('\0');
  for (const relay of RELAYS) {
    const choice = chooseProxy({ proxy, bypass }, relay);
    if (choice.kind !== 'proxy') continue;
    const { protocol, username, password, hostname, search, hash } = choice.url;
    assert.equal(protocol, 'http:');
    assert.notEqual(hostname, '');
    assert.equal(username + password + search + hash, '');
  }
};

const SMBIOS_HEADER = [0, 3, 0, 0, 0xff, 0, 0, 0];
const SYSTEM = [1, 27, 1, 0, 1, 2, 3, 4, ...Array.from({ length: 16 }, (_byte, at) => at * 7), 6, 5, 6];
const table = (strings: string): Buffer =>
  Buffer.concat([Buffer.from([...SMBIOS_HEADER, ...SYSTEM]), Buffer.from(`${strings}\0\0`)]);

export const target: FuzzTarget = {
  seeds: [
    table('Maker\0Model X'),
    Buffer.concat([Buffer.from([...SMBIOS_HEADER, 0, 4, 0, 0, 0, 0]), table('a\0b').subarray(8)]),
    ...[
      'proxy:8080\0<local>',
      'http=a:80;https=b:3128 c\0*.example;10.*;[::1]',
      'https://p/\0https://relay.example:443',
      'socks=x;[::1]:80\0::1',
    ].map((text) => Buffer.from(text)),
  ],
  run: (input) => {
    checkFirmware(input);
    checkProxies(input);
  },
};
