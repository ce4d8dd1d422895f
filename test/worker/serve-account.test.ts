import { EXIT } from '@guruconnect/shared/exit-codes';
import type { WorkerMessage } from '@guruconnect/shared/pipe-protocol';
import { serve } from '@guruconnect/worker/serve';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

for (const name of Object.keys(process.env)) {
  if (name.startsWith('GURUCONNECT_')) Reflect.deleteProperty(process.env, name);
}

test('a worker that was started as somebody else than is configured ends: the file was another one then', async (t) => {
  for (const [configured, account] of [
    ['local-service', 'own'],
    ['own', 'local-service'],
  ] as const) {
    const sent: WorkerMessage[] = [];
    const pipe = {
      signal: AbortSignal.abort('stop'),
      send: (message: WorkerMessage) => void sent.push(message),
      ask: () => Promise.reject(new Error('nothing is asked')),
      close: () => undefined,
      closed: Promise.resolve(undefined),
    };
    const options = { relay: 'wss://relay.example', data: tempDir(t), workerAccount: configured };
    t.equal(await serve(pipe, { options, afterBoot: false, account }), EXIT.localFault);
    t.same(sent, [
      {
        kind: 'fault',
        code: 'bad-configuration',
        message: `workerAccount is ${configured}, and the worker was started as ${account}`,
      },
    ]);
  }
});
