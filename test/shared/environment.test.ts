import { ENVIRONMENT, partSecrets, variable } from '@guruconnect/shared/environment';
import { test } from 'tap';

const TOKEN = 'enrolment-token-of-the-test';
const OTHER = 'another-token-of-the-test';

test('the names of the variables are the documented ones', (t) => {
  t.same(ENVIRONMENT, {
    relay: 'GURUCONNECT_RELAY',
    enrollToken: 'GURUCONNECT_ENROLL_TOKEN',
    logLevel: 'GURUCONNECT_LOG_LEVEL',
    ca: 'GURUCONNECT_CA',
    proxy: 'GURUCONNECT_PROXY',
    proxyFallback: 'GURUCONNECT_PROXY_FALLBACK',
    pins: 'GURUCONNECT_PINS',
    metricsPort: 'GURUCONNECT_METRICS_PORT',
    workerAccount: 'GURUCONNECT_WORKER_ACCOUNT',
    data: 'GURUCONNECT_DATA',
  });
  t.end();
});

test('a variable is what it is set to, each its own', (t) => {
  const env = { GURUCONNECT_RELAY: 'wss://relay.example', GURUCONNECT_DATA: '/data', RELAY: 'not me' };
  t.equal(variable(env, 'relay'), 'wss://relay.example');
  t.equal(variable(env, 'data'), '/data');
  t.equal(variable(env, 'logLevel'), undefined);
  t.end();
});

test('a variable that is set to nothing is not set', (t) => {
  t.equal(variable({ GURUCONNECT_DATA: '' }, 'data'), undefined);
  t.equal(variable({ GURUCONNECT_DATA: undefined }, 'data'), undefined);
  t.equal(variable({ GURUCONNECT_DATA: ' ' }, 'data'), ' ', 'a space is something');
  t.end();
});

test('the token goes from the environment to the options, and the rest stays', (t) => {
  const env = { GURUCONNECT_ENROLL_TOKEN: TOKEN, GURUCONNECT_RELAY: 'wss://relay.example', PATH: '/bin' };
  const parted = partSecrets({ data: '/data' }, env);
  t.same(parted.options, { data: '/data', enrollToken: TOKEN, proxy: undefined });
  t.notMatch(JSON.stringify(parted.env), TOKEN);
  t.match(parted.env, { GURUCONNECT_RELAY: 'wss://relay.example', PATH: '/bin' });
  t.equal(parted.env['GURUCONNECT_ENROLL_TOKEN'], undefined);
  t.end();
});

test('a token of the options wins over the one of the environment, which goes all the same', (t) => {
  const parted = partSecrets({ enrollToken: OTHER }, { GURUCONNECT_ENROLL_TOKEN: TOKEN });
  t.equal(parted.options.enrollToken, OTHER);
  t.notMatch(JSON.stringify(parted), TOKEN);
  t.end();
});

test('the proxy is parted like the token, as it may have a password', (t) => {
  const env = { GURUCONNECT_PROXY: 'http://u:hunter2@proxy.example', GURUCONNECT_CA: '/ca.pem' };
  const parted = partSecrets({}, env);
  t.equal(parted.options.proxy, 'http://u:hunter2@proxy.example');
  t.notMatch(JSON.stringify(parted.env), 'hunter2');
  t.match(parted.env, { GURUCONNECT_CA: '/ca.pem' });
  const overridden = partSecrets({ proxy: 'http://proxy.example' }, env);
  t.equal(overridden.options.proxy, 'http://proxy.example');
  t.notMatch(JSON.stringify(overridden), 'hunter2');
  t.end();
});

test('without a token there is none in the options, and a variable of nothing is none', (t) => {
  t.equal(partSecrets({}, { PATH: '/bin' }).options.enrollToken, undefined);
  t.equal(partSecrets({}, { GURUCONNECT_ENROLL_TOKEN: '' }).options.enrollToken, undefined);
  t.end();
});

test('what is parted was copied: the process keeps its environment, the caller its options', (t) => {
  const env = Object.freeze({ GURUCONNECT_ENROLL_TOKEN: TOKEN });
  const options = Object.freeze({ relay: 'wss://relay.example' });
  t.match(partSecrets(options, env).options, { relay: 'wss://relay.example', enrollToken: TOKEN });
  t.same(env, { GURUCONNECT_ENROLL_TOKEN: TOKEN });
  t.same(options, { relay: 'wss://relay.example' });
  t.end();
});
