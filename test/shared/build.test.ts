import { BUILD, COMMIT } from '@guruconnect/shared/build';
import { VERSION } from '@guruconnect/shared/identity';
import { test } from 'tap';

test('a checkout is called development: nobody asks git at run time', (t) => {
  t.equal(COMMIT, 'development');
  t.same(BUILD, { version: VERSION, commit: COMMIT, node: process.versions.node });
  t.end();
});

test('a bundle has the commit in place of a name', async (t) => {
  // A bundler replaces the name by a text; to the code, a global of that name is the same.
  Object.assign(globalThis, { GURUCONNECT_COMMIT: '1234567' });
  t.teardown(() => Reflect.deleteProperty(globalThis, 'GURUCONNECT_COMMIT'));
  const url = `${import.meta.resolve('@guruconnect/shared/build')}?bundled`;
  t.match(await import(url), { COMMIT: '1234567', BUILD: { commit: '1234567' } });
});
