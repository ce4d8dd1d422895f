/** One look that fails, or never comes back, takes no other along. */
import { TIMING } from '@guruconnect/shared/timing';
import { AgentFault } from '@guruconnect/shared/agent-fault';
import { type DoctorPorts, NotHere, gather, look } from '@guruconnect/supervisor/doctor/gather';
import { Win32Error } from '@guruconnect/supervisor/manage/win32-error';
import { test } from 'tap';
import { createFakeClock } from '../../helpers/fake-clock.ts';
import { runToEnd } from '../../helpers/run-to-end.ts';
import { DIRECT, WELL, inspection } from './cases.ts';

const clock = createFakeClock();
const after: DoctorPorts['after'] = (ms, callback) => {
  const timer = clock.after(ms, callback);
  return () => {
    timer.cancel();
  };
};

const ports = (changes: Partial<DoctorPorts> = {}): DoctorPorts => ({
  status: () => Promise.resolve(WELL.status),
  inspect: () => inspection(),
  weakness: () => Promise.resolve(undefined),
  folder: () => Promise.resolve({ kind: 'closed' }),
  store: () => Promise.resolve({ files: 0, open: undefined }),
  stored: () => Promise.resolve({ kind: 'enrol', reason: 'first' }),
  probe: () => Promise.resolve(DIRECT),
  disk: () => Promise.resolve({ path: '/', freeBytes: 1 }),
  eventLogSource: () => Promise.resolve('unknown'),
  wallNow: () => WELL.now,
  after,
  ...changes,
});

test('a look that never comes back is given up after its bound, and the others count', async (t) => {
  const facts = await runToEnd(clock, gather(ports({ disk: () => new Promise(() => undefined) })));
  t.match(facts.disk, { kind: 'failed', why: `no answer within ${TIMING.doctorLook / 1000} s` });
  t.match(facts.probe, { kind: 'known' });
  t.equal(facts.now, WELL.now);
});

test('a Service Control Manager that never answers is given up too, in words', async (t) => {
  const silent = gather(ports({ status: () => new Promise(() => undefined) }));
  await t.rejects(runToEnd(clock, silent), { message: 'the status of the service: no answer within 30 s' });
});

test('to be denied is told apart from to fail, and from what means nothing here', async (t) => {
  const denied = [
    new Win32Error(5, 'GetNamedSecurityInfo', 'C:\\data'),
    Object.assign(new Error('EACCES: open'), { code: 'EACCES' }),
    new AgentFault('store-unreadable', 'cannot be read', Object.assign(new Error(), { code: 'EPERM' })),
  ];
  for (const error of denied)
    t.match(await look({ after }, () => Promise.reject(error)), { kind: 'denied', why: error.message });
  t.match(await look({ after }, () => Promise.reject(new Error('EIO'))), { kind: 'failed', why: 'EIO' });
  t.match(await look({ after }, () => Promise.reject(new NotHere('no'))), { kind: 'elsewhere', why: 'no' });
  t.match(
    await look({ after }, () => {
      throw new NotHere('at once');
    }),
    { kind: 'elsewhere' },
  );
});
