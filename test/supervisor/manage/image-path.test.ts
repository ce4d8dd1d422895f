/** Which program an image path means, and what may be made of it. */
import { programPart, readImagePath, requoted } from '@guruconnect/supervisor/manage/image-path';
import { splitCommandLine } from '@guruconnect/supervisor/manage/command-line';
import { test } from 'tap';

const OPTIONS = String.raw`service-run --relay wss://x --ca "C:\GC Data\ca.pem" --data "C:\GC Data"`;

test('in quotes, or without a space in it, nothing can be planted, whatever the arguments are', (t) => {
  const lines = [
    String.raw`"C:\Program Files\gc\guruconnect.exe" ${OPTIONS}`,
    String.raw`C:\gc\guruconnect.exe ${OPTIONS}`,
    String.raw`C:\gc\node.EXE C:\gc dir\x.js service-run`,
    String.raw`C:\gc\n.exe`,
  ];
  for (const line of lines) {
    t.equal(readImagePath(line).kind, 'safe', line);
    t.equal(requoted(line), undefined);
  }
  t.end();
});

test('a program with a space is put into quotes, and every argument stays what it was', (t) => {
  const program = String.raw`C:\Program Files\gc\guruconnect.exe`;
  const line = `${program} ${OPTIONS}`;
  t.equal(readImagePath(line).kind, 'open');
  const quoted = requoted(line) ?? '';
  t.ok(quoted.startsWith(`"${program}" "service-run"`));
  t.same(splitCommandLine(quoted), [
    ...[program, 'service-run', '--relay', 'wss://x'],
    ...['--ca', String.raw`C:\GC Data\ca.pem`, '--data', String.raw`C:\GC Data`],
  ]);
  t.end();
});

test('where it may be one of several, or none, it is not told', (t) => {
  const lines = [
    String.raw`C:\Program Files\a.exe b\gc.exe service-run`,
    String.raw`C:\a.exe b\gc.exe service-run --data C:\x`,
    String.raw`C:\Program Files\gc\run service-run`,
    '',
  ];
  for (const line of lines) {
    t.equal(readImagePath(line).kind, 'untold', line);
    t.equal(requoted(line), undefined);
  }
  const named = String.raw`C:\Program Files\gc.exe service-run --data C:\copy of x.exe`;
  t.equal(readImagePath(named).kind, 'open', 'what the options name is no program');
  t.end();
});

test('of an image path the program is shown, and no argument', (t) => {
  t.equal(
    programPart(String.raw`C:\P F\gc.exe service-run --enroll-token secret`),
    String.raw`C:\P F\gc.exe`,
  );
  t.equal(programPart(String.raw`C:\P F\run --enroll-token secret`), String.raw`C:\P …`);
  t.end();
});
