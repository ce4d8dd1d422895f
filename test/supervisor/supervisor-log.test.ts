/** How much the supervisor's log is to hold: asked before anything is loaded that judges a configuration. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentOptions } from '@guruconnect/shared/config';
import { makeOwnFolder } from '@guruconnect/supervisor/data-folder-maker';
import { openSupervisorLog } from '@guruconnect/supervisor/supervisor-log';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const levelOf = async (t: Test, file: string | undefined, options: AgentOptions = {}): Promise<string> => {
  const data = tempDir(t);
  if (file !== undefined) writeFileSync(join(data, 'config.json'), file);
  return (await openSupervisorLog({ data, ...options }, makeOwnFolder)).level;
};

test('the level is that of the file, from the first line on', async (t) => {
  t.equal(await levelOf(t, '{"logLevel":"debug"}'), 'debug');
  t.equal(await levelOf(t, undefined), 'info');
});

test('a flag counts more than a variable, and that one more than the file', async (t) => {
  t.teardown(() => delete process.env['GURUCONNECT_LOG_LEVEL']);
  process.env['GURUCONNECT_LOG_LEVEL'] = 'warn';
  t.equal(await levelOf(t, '{"logLevel":"debug"}'), 'warn');
  t.equal(await levelOf(t, '{"logLevel":"debug"}', { logLevel: 'error' }), 'error');
});

test('a file that cannot be used silences nothing', async (t) => {
  for (const file of ['{"logLevel":"silent"}', '{"logLevel":7}', '{"logLevel":', '[]'])
    t.equal(await levelOf(t, file), 'info', file);
});
