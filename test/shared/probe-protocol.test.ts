import { namesOurRealm, parseProbe, probeLine } from '@guruconnect/shared/probe-protocol';
import { test } from 'tap';

const ANSWERED = { kind: 'answered', status: 401 } as const;

test('a line for each step; half a line, other lines and other kinds are left out', (t) => {
  const lines = ['{"kind":"way"}', 'Debugger attached.', '{"kind":"later"}', '', JSON.stringify(ANSWERED)];
  t.same(parseProbe(`${lines.join('\n')}\n{"kind":"fai`), [{ kind: 'way' }, ANSWERED]);
  t.same(parseProbe(''), []);
  t.end();
});

test('a step with a text that is too long is cut, and not lost', (t) => {
  const [step] = parseProbe(probeLine({ kind: 'failed', why: 'x'.repeat(10_000) }));
  t.match(step, { kind: 'failed', why: /^x{4096}$/ });
  t.end();
});

test('a relay asks for a credential in its own name; a filter in another one', (t) => {
  t.ok(namesOurRealm('Bearer realm="guruconnect"'));
  t.ok(namesOurRealm('bearer error="x", realm="GuruConnect"'));
  for (const other of [undefined, 'Bearer', 'Basic realm="guruconnect"', 'Bearer realm="filter"'])
    t.notOk(namesOurRealm(other), String(other));
  t.end();
});

test('a step that is not what it says is none', (t) => {
  t.same(
    parseProbe('{"kind":"answered","status":"401"}\n{"kind":"certificate","subject":"x"}\n[]\nnull'),
    [],
  );
  t.end();
});
