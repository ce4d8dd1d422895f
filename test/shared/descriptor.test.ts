import { descriptorOf } from '@guruconnect/shared/descriptor';
import { test } from 'tap';

test('a file and a folder are open to LocalSystem and the administrators alone', (t) => {
  t.equal(descriptorOf('file'), 'O:BAG:BAD:P(A;;FA;;;SY)(A;;FA;;;BA)');
  t.equal(descriptorOf('folder'), 'O:BAG:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)', 'and hand it down');
  t.end();
});

test('who cannot give it to the administrators owns it, and is let in beside them', (t) => {
  t.equal(descriptorOf('file', 'S-1-5-21-7'), 'O:S-1-5-21-7D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;S-1-5-21-7)');
  t.end();
});
