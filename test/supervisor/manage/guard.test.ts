import { Readable } from 'node:stream';
import { isAbandoned, needsGuard } from '@guruconnect/supervisor/manage/guard';
import { test } from 'tap';

test('a guard that is dismissed is not abandoned; one whose starter is gone is', async (t) => {
  t.notOk(await isAbandoned(Readable.from(['done'])));
  t.notOk(await isAbandoned(Readable.from(['do', 'ne'])), 'in whatever pieces');
  t.ok(await isAbandoned(Readable.from([])));
  t.ok(await isAbandoned(Readable.from(['do'])), 'half a word is none');
});

test('a pipe that breaks is the end of it', async (t) => {
  const input = new Readable({
    read() {
      this.destroy(new Error('EPIPE'));
    },
  });
  t.ok(await isAbandoned(input));
});

test('only what would have left the service running is guarded', (t) => {
  t.ok(needsGuard('restart', {}));
  t.ok(needsGuard('install', {}));
  t.notOk(needsGuard('install', { 'no-start': true }), 'one that was to stay stopped is not started');
  for (const command of ['start', 'stop', 'uninstall']) t.notOk(needsGuard(command, {}), command);
  t.end();
});
