import { descriptorOf, workerDescriptor } from '@guruconnect/shared/descriptor';
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

const FILE = 'O:BAG:BAD:P(A;;FA;;;SY)(A;;FA;;;BA)';
const FOLDER = 'O:BAG:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)';

test('a worker as LocalService reads the data folder and the files that come into it, and nothing below', (t) => {
  t.equal(workerDescriptor('data-folder'), `${FOLDER}(A;;FRFX;;;LS)(A;OINPIO;FR;;;LS)`);
  t.equal(workerDescriptor('data-folder', false), `${FOLDER}(A;;FRFX;;;LS)`, 'where others keep theirs');
  t.equal(workerDescriptor('plain-file'), `${FILE}(A;;FR;;;LS)`);
  t.end();
});

test('it may write to its log, and make nothing: what can be put into a folder can make that a link', (t) => {
  t.equal(workerDescriptor('log-folder'), `${FOLDER}(A;;FRFX;;;LS)`);
  t.equal(workerDescriptor('log-file'), `${FILE}(A;;FRFW;;;LS)`);
  t.end();
});
