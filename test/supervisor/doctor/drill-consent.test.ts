/** Who is asked before a drill, what counts as yes, and whom it may kill then. */
import { PassThrough } from 'node:stream';
import { agreedVictim, askYes } from '@guruconnect/supervisor/doctor/drill-consent';
import { test } from 'tap';

const answered = (give: (input: PassThrough) => void, isTTY = false): Promise<boolean> => {
  const input = new PassThrough();
  const answer = askYes('Go on? ', input, Object.assign(new PassThrough(), { isTTY }));
  give(input);
  return answer;
};

test('yes is yes; anything else, and the end of the input, is no', async (t) => {
  for (const [line, yes] of [
    ['y', true],
    ['YES ', true],
    ['', false],
    ['yeah', false],
  ] as const)
    t.equal(await answered((input) => input.write(`${line}\n`)), yes, line);
  t.equal(await answered((input) => input.end()), false, 'the end of it');
  for (const key of ['\u0003', '\u0004'])
    t.equal(await answered((input) => input.write(key), true), false, 'Ctrl-C, Ctrl-D');
});

test('the victim is the one that is there after the answer', async (t) => {
  let pid = 1;
  const find = () => Promise.resolve(pid);
  const ask = () => {
    pid = 2;
    return Promise.resolve(true);
  };
  t.equal(await agreedVictim(find, ask), 2);
  t.equal(await agreedVictim(find, undefined), 2);
  t.equal(await agreedVictim(find, () => Promise.resolve(false)), undefined);
});

test('where there is nobody to drill, nobody is asked', async (t) => {
  const ask = () => Promise.reject(new Error('it asked'));
  await t.rejects(
    agreedVictim(() => Promise.reject(new Error('no worker')), ask),
    /no worker/,
  );
});
