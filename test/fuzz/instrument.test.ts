/** The counters change nothing about what a program does. */
import { runInThisContext } from 'node:vm';
import { test } from 'tap';
import { HOOK, instrument } from './instrument.ts';

const PROGRAM = `
const out = [];
const grade = (n) => n > 2 ? 'many' : n && 'some' || 'none';
function* steps(end) { for (let i = 0; i < end; i++) yield i; }
for (const i of steps(4)) if (i % 2) out.push(grade(i)); else out.push(i)
for (const key in { a: 1 }) out.push(key);
let left = 2; while (left--) out.push(left);
do out.push('once'); while (false);
switch (out.length) { case 0: out.push('never'); case (1, 8): out.push('eight'); default: out.push('rest') }
try { null.x } catch { out.push('caught') }
class Point { constructor(x) { this.x = x ?? 1 } get twice() { return this.x * 2 } static of = (x) => new Point(x) }
out.push(new Point().twice, Point.of(3).x, ((a, b = a || 5) => ({ a, b }))(0).b);
label: for (;;) { for (;;) break label }
return out;
`;

const run = (body: string): unknown => runInThisContext(`(() => {${body}})()`);

interface Claimed {
  readonly counters: number[];
  readonly words: readonly string[];
}
const instrumented = (): Claimed & { readonly result: unknown } => {
  // A function's body may return, which a module's may not: it is instrumented as a function's.
  const { source, count } = instrument(`const body = () => {${PROGRAM}}; body`, 'program');
  let claimed: Claimed = { counters: [], words: [] };
  (globalThis as Record<string, unknown>)[HOOK] = (_name: string, size: number, words: readonly string[]) => {
    claimed = { counters: Array.from({ length: size }, () => 0), words };
    return claimed.counters;
  };
  const result = run(`${source.slice(0, source.lastIndexOf('body'))} return body();`);
  Reflect.deleteProperty(globalThis, HOOK);
  if (claimed.counters.length !== count) throw new Error('the count is wrong');
  return { ...claimed, result };
};

test('an instrumented program does what it did, and counts', (t) => {
  const { result, counters } = instrumented();
  t.same(result, run(PROGRAM));
  const hit = counters.filter((count) => count > 0).length;
  t.ok(hit > counters.length / 2 && hit < counters.length, `${hit} of ${counters.length}`);
  t.end();
});

test('the texts of the source are told, and what it imports is not', (t) => {
  t.ok(instrumented().words.includes('never'));
  t.notMatch(instrument(`import 'secret-module';`, 'm').source, /\["secret-module"\]/);
  t.end();
});

test('no line moves', (t) => {
  const { source } = instrument(PROGRAM, 'program');
  t.equal(source.split('\n').length, PROGRAM.split('\n').length);
  t.end();
});
