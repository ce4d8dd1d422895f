/** How a hang is called, and what a process looks like to the system. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Hang, type Sight, hangOf } from '@guruconnect/supervisor/hang';
import { lookAt, parseStat } from '@guruconnect/supervisor/process-look';
import { test } from 'tap';

const at = (second: number, cpuMs?: number, stopped?: boolean): Sight => ({
  at: second * 1000,
  look: cpuMs === undefined ? undefined : { cpuMs, ...(stopped !== undefined && { stopped }) },
});

const CASES: Readonly<Record<string, readonly [readonly Sight[], Hang]>> = {
  'all of a processor': [[at(10, 500), at(20, 10_400), at(40, 30_500)], 'busy'],
  'its share of a processor that eight others want': [[at(10, 500), at(40, 500 + 30_000 / 9)], 'busy'],
  nothing: [[at(10, 500), at(20, 500), at(40, 500)], 'blocked'],
  'next to nothing': [[at(10, 500), at(40, 600)], 'blocked'],
  'nothing, as it is stopped': [[at(10, 500, false), at(40, 500, true)], 'stopped'],
  'much, until it was stopped': [[at(10, 500, false), at(40, 20_000, true)], 'stopped'],
  'nothing, and it runs again': [[at(10, 500, true), at(40, 500, false)], 'blocked'],
  'what nobody has seen': [[at(10), at(40)], 'unseen'],
  'what was seen once': [[at(10), at(20, 500), at(40)], 'unseen'],
  'much, as far as it was seen': [[at(10), at(20, 500), at(30, 10_000), at(40)], 'busy'],
  'no looks at all': [[], 'unseen'],
};
for (const [what, [sights, hang]] of Object.entries(CASES)) {
  test(`a worker that used ${what} hangs: ${hang}`, (t) => {
    t.equal(hangOf(sights), hang);
    t.end();
  });
}

const stat = (name: string, state: string): string =>
  `4001 (${name}) ${state} 1 4001 4001 0 -1 4194560 115 0 0 0 217 33 7 9 20 0 11 0 8123 1130 9 184`;

for (const name of ['node', 'a b', 'x) R 1 2', '((', '']) {
  test(`a line of /proc/PID/stat is read whatever the program is called: (${name})`, (t) => {
    t.same(parseStat(stat(name, 'S')), { cpuMs: 2500, stopped: false });
    t.end();
  });
}

test('stopped by a signal or by a debugger is stopped', (t) => {
  for (const [state, stopped] of Object.entries({ T: true, t: true, R: false, S: false, D: false })) {
    t.equal(parseStat(stat('node', state))?.stopped, stopped, state);
  }
  t.end();
});

test('what is no line of it is nothing', (t) => {
  for (const text of [
    '',
    '4001',
    '4001 (node)',
    '4001 (node) S 1 2 3',
    'S 1 2 3 4 5 6 7 8 9 10 11 12 13 14',
  ]) {
    t.equal(parseStat(text), undefined, text);
  }
  t.end();
});

const linux = { skip: process.platform === 'linux' ? false : 'it looks at /proc' };

test('a process that is there is seen to use the processor, and to be stopped', linux, async (t) => {
  const child = spawn(process.execPath, ['-e', 'console.log(1); for (;;);'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const { pid } = child;
  const first = lookAt(pid)?.cpuMs ?? Infinity;
  for (const end = Date.now() + 5000; (lookAt(pid)?.cpuMs ?? 0) <= first && Date.now() < end;);
  t.ok((lookAt(pid)?.cpuMs ?? 0) > first);
  t.equal(lookAt(pid)?.stopped, false);
  child.kill('SIGSTOP');
  for (const end = Date.now() + 5000; lookAt(pid)?.stopped !== true && Date.now() < end;);
  t.equal(lookAt(pid)?.stopped, true);
});

test('a process that is not there is not seen', (t) => {
  t.equal(lookAt(undefined), undefined);
  t.equal(lookAt(2 ** 30), undefined);
  t.end();
});
