import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configStore, formerFiles } from '@guruconnect/supervisor/manage/config-store';
import { test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';

test('what has appeared in a folder that is to be made anew is not read', async (t) => {
  const data = tempDir(t);
  writeFileSync(join(data, 'config.json'), '{"proxy":"http://theirs.example"}');
  writeFileSync(join(data, 'credential.json'), '{}');
  const store = configStore(data);
  const unread = {
    read: () => {
      throw new Error('read');
    },
  };
  for (const plan of ['make', 'remake'] as const) {
    t.same(await formerFiles(data, plan, unread), { config: undefined, hasCredential: false });
  }
  for (const plan of ['protect', 'take-over', 'leave'] as const) {
    t.same(await formerFiles(data, plan, store), {
      config: '{"proxy":"http://theirs.example"}',
      hasCredential: true,
    });
  }
});

test('what is not there is absent', async (t) => {
  const data = tempDir(t);
  t.same(await formerFiles(data, 'protect', configStore(data)), { config: undefined, hasCredential: false });
});
