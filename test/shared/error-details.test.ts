import { errorDetails } from '@guruconnect/shared/error-details';
import { test } from 'tap';

const text = (error: unknown): string => errorDetails(error).join('\n');

test('an error is told with its stack, and with the causes that it has', (t) => {
  const cause = Object.assign(new Error('no route'), { code: 'EHOSTUNREACH', syscall: 'connect' });
  const told = text(new Error('not reached', { cause }));
  t.match(
    told,
    /^Error: not reached\n {4}at .*caused by: Error: no route\n {4}at .*\n {4}code: EHOSTUNREACH, syscall: connect$/s,
  );
  t.end();
});

test('a Win32 code is told with the function and its object', (t) => {
  const error = Object.assign(new Error('denied'), { code: 5, operation: 'OpenService', object: 'X' });
  t.match(text(error), /\n {4}code: 5, operation: OpenService, object: X$/);
  t.end();
});

test('the errors that an error stands for are told', (t) => {
  t.match(
    text(new AggregateError([new Error('v6'), new Error('v4')])),
    /caused by: Error: v6.*caused by: Error: v4/s,
  );
  t.end();
});

test('an error that is its own cause comes to an end', (t) => {
  const error = new Error('round');
  error.cause = error;
  t.equal(text(error).split('caused by').length, 9);
  t.end();
});

test('no password of a URL is told, no other field, and nothing that steers a terminal', (t) => {
  const url = 'http://me:hunter2@proxy.example';
  const error = Object.assign(new Error(`not reached: ${url}\u001b[2J`), { input: url, path: url });
  const told = text(new Error('x', { cause: error }));
  t.notMatch(told, 'hunter2');
  t.notMatch(told, '\u001b');
  t.notMatch(told, 'input');
  t.end();
});

test('what is thrown and no error is told as text', (t) => {
  t.same(errorDetails('a text'), ['a text']);
  t.same(errorDetails(undefined), ['undefined']);
  t.end();
});
