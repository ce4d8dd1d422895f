import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveConfig } from '@guruconnect/shared/config';
import { peekWorkerAccount } from '@guruconnect/supervisor/worker-account';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const RELAY = 'wss://relay.example';

const dataWith = (t: Test, text: string): string => {
  const data = tempDir(t);
  writeFileSync(join(data, 'config.json'), text);
  return data;
};

test('without a word of it the worker is the supervisor’s own', (t) => {
  t.equal(peekWorkerAccount({ data: tempDir(t) }, {}), 'own');
  t.equal(peekWorkerAccount({ data: dataWith(t, `{"relay":"${RELAY}"}`) }, {}), 'own');
  t.end();
});

test('the flag goes over the variable, the variable over the file', (t) => {
  const data = dataWith(t, '\uFEFF{"workerAccount":"local-service"}');
  const env = { GURUCONNECT_WORKER_ACCOUNT: 'own' };
  t.equal(peekWorkerAccount({ data }, {}), 'local-service', 'a byte order mark is none of its business');
  t.equal(peekWorkerAccount({ data }, { GURUCONNECT_WORKER_ACCOUNT: '' }), 'local-service', 'set to nothing');
  t.equal(peekWorkerAccount({ data }, env), 'own');
  t.equal(peekWorkerAccount({ data, workerAccount: 'local-service' }, env), 'local-service');
  t.end();
});

test('another file that is named is read instead', (t) => {
  const config = join(dataWith(t, '{"workerAccount":"local-service"}'), 'config.json');
  t.equal(peekWorkerAccount({ data: tempDir(t), config }, {}), 'local-service');
  t.end();
});

test('an account that there is not is refused, wherever it stands, and never taken for the one with more rights', (t) => {
  const NO = 'not one of own, local-service';
  const data = dataWith(t, '{"workerAccount":"LocalService"}');
  t.throws(() => peekWorkerAccount({ data }, {}), {
    name: 'UsageError',
    message: `${join(data, 'config.json')}: workerAccount: ${NO}`,
  });
  t.throws(() => peekWorkerAccount({ data, workerAccount: 'x' }, {}), { message: `--worker-account: ${NO}` });
  t.throws(() => peekWorkerAccount({ data }, { GURUCONNECT_WORKER_ACCOUNT: 'local-service ' }), {
    message: `GURUCONNECT_WORKER_ACCOUNT: ${NO}`,
  });
  for (const value of ['null', 'true', '""', '["local-service"]', '{}']) {
    const other = dataWith(t, `{"workerAccount":${value}}`);
    t.throws(() => peekWorkerAccount({ data: other }, {}), { name: 'UsageError' }, value);
  }
  t.end();
});

test('a file that cannot be understood is left to the worker, which ends for it', (t) => {
  for (const text of ['{"workerAccount":"local-', '[]', 'null', '7', ''])
    t.equal(peekWorkerAccount({ data: dataWith(t, text) }, {}), 'own', text);
  t.equal(peekWorkerAccount({ data: tempDir(t), config: tempDir(t) }, {}), 'own', 'a folder');
  t.end();
});

test('what it finds is what the configuration has', (t) => {
  for (const workerAccount of ['own', 'local-service'] as const) {
    const content = { relay: RELAY, workerAccount };
    const data = dataWith(t, JSON.stringify(content));
    const file = { path: join(data, 'config.json'), content };
    t.equal(peekWorkerAccount({ data }, {}), resolveConfig({ flags: {}, env: {}, file }).workerAccount);
  }
  t.end();
});
