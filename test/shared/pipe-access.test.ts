/** Who may open the supervisor's pipe, before and after; that Windows keeps to it cannot be shown here. */
import { pipeDescriptorOf } from '@guruconnect/shared/descriptor';
import { test } from 'tap';
import { DEFAULT_PIPE, accessOf, accessTable } from '../helpers/sddl-access.ts';

const ALL = ['read', 'write', 'createInstance'];
const CLIENT = ['read', 'write'];
const NOTHING: readonly string[] = [];

test('a descriptor grants what Windows says it does', (t) => {
  t.same(accessOf('', ['WD']), ALL, 'no DACL is no control');
  t.same(accessOf('D:NO_ACCESS_CONTROL', ['WD']), ALL);
  t.same(accessOf('D:', ['WD']), NOTHING, 'an empty one lets nobody in');
  t.same(accessOf('D:P', ['SY']), NOTHING);
  t.same(accessOf('D:(A;;GA;;;WD)', ['AN']), NOTHING, 'the anonymous account is not in Everyone');
  t.same(accessOf('D:(A;;FR;;;WD)(A;;0x2;;;AU)', ['AU', 'WD']), CLIENT, 'what is granted adds up');
  t.same(accessOf('D:(D;;GA;;;NU)(A;;GA;;;WD)', ['NU', 'WD']), NOTHING, 'what was denied first stays denied');
  t.same(accessOf('D:(A;;GA;;;WD)(D;;GA;;;NU)', ['NU', 'WD']), ALL, 'and what was granted first granted');
  t.same(accessOf('D:(A;;GW;;;WD)', ['WD']), ['write', 'createInstance'], 'who may write as usual may serve');
  t.throws(() => accessOf('D:(A;;ZZ;;;WD)', ['WD']));
  t.end();
});

test('without a descriptor, as libuv makes its pipes, everybody may read', (t) => {
  t.same(accessTable(DEFAULT_PIPE), {
    'a standard user': ['read'],
    Everyone: ['read'],
    anonymous: ['read'],
    'the network': ['read'],
    LocalService: ['read'],
    administrators: ALL,
    LocalSystem: ALL,
  });
  t.end();
});

const nobodyBut = (...let_in: readonly string[]) =>
  Object.fromEntries(
    Object.keys(accessTable('D:')).map((who) => [who, let_in.includes(who) ? CLIENT : NOTHING]),
  );

test('the sealed pipe lets in LocalSystem and the worker’s user, as clients, and nobody else', (t) => {
  t.same(accessTable(pipeDescriptorOf('S-1-5-21-1-2-3-1000')), nobodyBut('LocalSystem'));
  t.same(accessTable(pipeDescriptorOf('SY')), nobodyBut('LocalSystem'));
  t.same(accessTable(pipeDescriptorOf('LS')), nobodyBut('LocalSystem', 'LocalService'));
  t.same(accessOf(pipeDescriptorOf('S-1-5-21-1-2-3-1000'), ['S-1-5-21-1-2-3-1000', 'WD']), CLIENT);
  t.end();
});
