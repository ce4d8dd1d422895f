import { type EndFacts, endReason } from '@guruconnect/supervisor/end-reason';
import type { WorkerExit } from '@guruconnect/supervisor/host';
import { test } from 'tap';

const HEAP = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';
const exit = (fields: Partial<WorkerExit>): WorkerExit => ({
  ...{ pid: 7, code: undefined, signal: undefined, lastWords: [] },
  ...fields,
});
const killed = exit({ signal: 'SIGKILL' });
const terminated = exit({ code: 1 });
const aborted = (fields: Partial<WorkerExit>, ...lastWords: string[]) => exit({ ...fields, lastWords });

const CASES: Readonly<Record<string, readonly [EndFacts, string]>> = {
  'a local fault': [{ faultCode: 'no-credential', exit: exit({ code: 78 }) }, 'no-credential'],
  'a local fault, whose worker did not end then': [
    { faultCode: 'no-credential', killedAfter: 'exit', exit: killed },
    'no-credential',
  ],
  'no hello': [{ killedAfter: 'hello', exit: killed }, 'killed-after-hello'],
  'no hello, on Windows': [{ killedAfter: 'hello', exit: terminated }, 'killed-after-hello'],
  'a pipe that was closed': [{ killedAfter: 'exit', exit: killed }, 'killed-after-exit'],
  'an endless loop': [{ killedAfter: 'hung', hang: 'busy', exit: killed }, 'hung-busy'],
  'an endless wait': [{ killedAfter: 'hung', hang: 'blocked', exit: terminated }, 'hung-blocked'],
  'a SIGSTOP': [{ killedAfter: 'hung', hang: 'stopped', exit: killed }, 'hung-stopped'],
  'a blocked pool': [{ killedAfter: 'hung', hang: 'pool', exit: killed }, 'hung-pool'],
  'a hang of its own kind': [{ killedAfter: 'hung', exit: killed }, 'hung-unseen'],
  'no program': [{ exit: exit({ pid: undefined, lastWords: ['spawn ENOENT'] }) }, 'not-started'],
  'no memory': [{ exit: aborted({ signal: 'SIGABRT' }, HEAP, '----- Native stack trace -----') }, 'heap'],
  'no memory, under a shell': [{ exit: aborted({ code: 134 }, HEAP) }, 'heap'],
  'no memory, by a trap': [
    { exit: aborted({ signal: 'SIGTRAP' }, '# Fatal JavaScript out of memory: X') },
    'heap',
  ],
  'no memory, by a trap on Windows': [
    { exit: aborted({ code: 0x80000003 }, '# Fatal process out of memory: Zone') },
    'heap',
  ],
  'no memory, by fastfail': [{ exit: aborted({ code: 0xc0000409 }, HEAP) }, 'heap'],
  'an abort with memory left': [{ exit: aborted({ signal: 'SIGABRT' }, 'Assertion failed') }, 'signal'],
  'a worker that only speaks of memory': [{ exit: aborted({ code: 1 }, HEAP) }, 'exited'],
  'an abort of somebody who quotes': [{ exit: aborted({ signal: 'SIGABRT' }, `he said: ${HEAP}`) }, 'signal'],
  'a signal': [{ exit: killed }, 'signal'],
  'an access violation': [{ exit: exit({ code: 0xc0000005 }) }, 'crashed-0xc0000005'],
  'a failed check of the stack': [{ exit: exit({ code: 0xc0000409 }) }, 'crashed-0xc0000409'],
  'a breakpoint': [{ exit: exit({ code: 0x80000003 }) }, 'crashed-0x80000003'],
  'an exception of C++': [{ exit: exit({ code: 0xe06d7363 }) }, 'crashed-0xe06d7363'],
  'exit(-1) on Windows': [{ exit: exit({ code: 0xffffffff }) }, 'exited'],
  'exit(0)': [{ exit: exit({ code: 0 }) }, 'exited'],
  'exit(255)': [{ exit: exit({ code: 255 }) }, 'exited'],
  'an exit that nobody knows': [{ exit: exit({}) }, 'exited'],
};
for (const [what, [facts, reason]] of Object.entries(CASES)) {
  test(`a worker that ended by ${what}: ${reason}`, (t) => {
    t.equal(endReason(facts), reason);
    t.end();
  });
}
