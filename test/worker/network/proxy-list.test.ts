import assert from 'node:assert/strict';
import { chooseProxy } from '@guruconnect/worker/network/proxy-list';
import fc from 'fast-check';
import { test } from 'tap';

const RELAY = 'wss://relay.example';

/** In one word: `direct`, `unusable`, or the URL of the proxy. */
const chosen = (proxy: string, bypass = '', relay = RELAY): string => {
  const choice = chooseProxy({ proxy, bypass }, new URL(relay));
  return choice.kind === 'proxy' ? choice.url.href : choice.kind;
};

const PROXIES: readonly (readonly [text: string, chosen: string])[] = [
  ['', 'direct'],
  [' ; ;\t', 'direct'],
  ['proxy.example:3128', 'http://proxy.example:3128/'],
  ['proxy', 'http://proxy/'],
  ['proxy:80', 'http://proxy/'],
  ['Proxy.Example:3128', 'http://proxy.example:3128/'],
  ['http://proxy.example:3128', 'http://proxy.example:3128/'],
  ['http://proxy.example:3128/', 'http://proxy.example:3128/'],
  ['https://proxy.example:3128', 'http://proxy.example:3128/'],
  ['http=a:1;https=b:2', 'http://b:2/'],
  ['https=b:2 http=a:1', 'http://b:2/'],
  ['HTTPS=b:2', 'http://b:2/'],
  ['https=http://b:2', 'http://b:2/'],
  ['c:3;https=b:2', 'http://b:2/'],
  ['http=a:1;c:3', 'http://c:3/'],
  ['http=a:1', 'direct'],
  ['ftp=a:1;socks=s:1080', 'direct'],
  ['a:1;b:2;c:3', 'http://a:1/'],
  ['a:1 b:2', 'http://a:1/'],
  ['https=a:1;https=b:2', 'http://a:1/'],
  ['10.0.0.1:8080', 'http://10.0.0.1:8080/'],
  ['[2001:db8::1]:3128', 'http://[2001:db8::1]:3128/'],
  ['https=[::1]', 'http://[::1]/'],
  ['socks://s:1080', 'unusable'],
  ['socks://s:1080;b:2', 'unusable'],
  ['https=', 'unusable'],
  ['https=;b:2', 'unusable'],
  [':3128', 'unusable'],
  ['proxy:99999', 'unusable'],
  ['proxy:port', 'unusable'],
  ['2001:db8::1', 'unusable'],
  ['user:word@proxy:80', 'unusable'],
  ['@proxy:80', 'unusable'],
  ['proxy:80/path', 'unusable'],
  ['proxy:80?q', 'unusable'],
  ['proxy#f', 'unusable'],
  ['a\\b', 'unusable'],
  ['http://http://a', 'unusable'],
];
for (const [text, expected] of PROXIES) {
  test(`of the proxies "${text}" a relay gets ${expected}`, (t) => {
    t.equal(chosen(text), expected);
    t.end();
  });
}

const HOST = 'wss://relay.example';
const BYPASSES: readonly (readonly [bypass: string, relay: string, isBypassed: boolean])[] = [
  ['relay.example', HOST, true],
  ['RELAY.example', HOST, true],
  ['other;relay.example', HOST, true],
  ['other relay.example', HOST, true],
  ['example', HOST, false],
  ['relay.example', 'wss://x.relay.example', false],
  ['relay.example', 'wss://relay.example.org', false],
  ['*.example', HOST, true],
  ['*.example', 'wss://a.b.example', true],
  ['*.example', 'wss://example', false],
  ['*.example', 'wss://relay.example.org', false],
  ['*example', 'wss://myexample', true],
  ['relay.*', HOST, true],
  ['relay.*', 'wss://my.relay.example', false],
  ['r*y.ex*le', HOST, true],
  ['r*y.ex*ex*le', HOST, false],
  ['rel*lay.example', HOST, false],
  ['*', HOST, true],
  ['10.*', 'wss://10.1.2.3', true],
  ['10.*', 'wss://110.1.2.3', false],
  ['10.1.2.3', 'wss://10.1.2.3', true],
  ['<local>', 'wss://relay', true],
  ['<LOCAL>', 'wss://relay:444/prefix', true],
  ['<local>', HOST, false],
  ['<local>', 'wss://10.1.2.3', false],
  ['<local>', 'wss://[2001:db8::1]', false],
  ['<-loopback>', HOST, false],
  ['[2001:db8::1]', 'wss://[2001:db8::1]', true],
  ['2001:db8::1', 'wss://[2001:db8::1]', true],
  ['2001:DB8:0::1', 'wss://[2001:db8::1]', true],
  ['[2001:db8::1]:444', 'wss://[2001:db8::1]:444', true],
  ['[2001:db8::1]:444', 'wss://[2001:db8::1]', false],
  ['2001:db8:*', 'wss://[2001:db8::1]', true],
  ['2001:db8:*', 'wss://[2001:db9::1]', false],
  ['relay.example:443', HOST, true],
  ['relay.example:444', HOST, false],
  ['*:444', 'wss://relay.example:444', true],
  ['https://relay.example', HOST, true],
  ['http://relay.example', HOST, false],
  ['bücher.example', 'wss://bücher.example', true],
  ['relay.example/path', HOST, false],
  ['user@relay.example', HOST, false],
  [':', HOST, false],
  ['', HOST, false],
];
for (const [bypass, relay, isBypassed] of BYPASSES) {
  test(`"${bypass}" is ${isBypassed ? '' : 'not '}a reason to reach ${relay} without a proxy`, (t) => {
    t.equal(chosen('proxy:1', bypass, relay), isBypassed ? 'direct' : 'http://proxy:1/');
    t.end();
  });
}

test('a relay that is bypassed needs no proxy that can be used', (t) => {
  t.equal(chosen('socks://s:1080', 'relay.example'), 'direct');
  t.end();
});

test('whatever the texts are, there is a choice, and a proxy is a host and a port in the clear', (t) => {
  const piece = fc.constantFrom(
    ...[
      'https=',
      'http=',
      '://',
      'http://',
      'a',
      '.',
      ':',
      '8',
      '*',
      '[',
      ']',
      '::',
      '<local>',
      ';',
      ' ',
      '@',
      '/',
      '%',
      '=',
    ],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
  );
  const relays = fc.constantFrom(HOST, 'wss://relay', 'wss://[2001:db8::1]:444', 'wss://10.0.0.1/prefix');
  const seen = new Set<string>();
  fc.assert(
    fc.property(text, text, relays, (proxy, bypass, relay) => {
      const choice = chooseProxy({ proxy, bypass }, new URL(relay));
      seen.add(choice.kind);
      if (choice.kind !== 'proxy') return;
      const { protocol, hostname, username, password, pathname, search, hash } = choice.url;
      assert.deepEqual(
        [protocol, username, password, pathname, search, hash],
        ['http:', '', '', '/', '', ''],
      );
      assert.notEqual(hostname, '');
    }),
    { numRuns: 3000 },
  );
  t.same([...seen].sort(), ['direct', 'proxy', 'unusable']);
  t.end();
});

test('a bypass list that is made to be slow is not', (t) => {
  const from = performance.now();
  chosen('proxy:1', `${'*e'.repeat(5_000)}*!`, `wss://${'e'.repeat(60)}.example`);
  t.ok(performance.now() - from < 1_000);
  t.end();
});
