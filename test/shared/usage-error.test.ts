import { messageOf } from '@guruconnect/shared/usage-error';
import { test } from 'tap';

test('what is told to a person is one line, and never a stack', (t) => {
  t.equal(messageOf(new Error('no disk\n    at main (file.js:1:1)')), 'no disk');
  t.equal(messageOf(new TypeError('')), '');
  t.equal(messageOf('a text\nof two lines'), 'a text');
  t.equal(messageOf(undefined), 'undefined');
  t.equal(messageOf({ toString: () => 'an object' }), 'an object');
  t.end();
});
