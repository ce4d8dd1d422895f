/** `doctor --fix` sets what install would have set, and nothing else. */
import { UsageError } from '@guruconnect/shared/usage-error';
import { RECOVERY } from '@guruconnect/supervisor/manage/service-definition';
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { serviceFacts } from '@guruconnect/supervisor/manage/status-facts';
import { type FixPorts, fix } from '@guruconnect/supervisor/doctor/fix';
import type { DoctorFacts } from '@guruconnect/supervisor/doctor/facts';
import { test } from 'tap';
import { NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';
import { WELL, known } from './cases.ts';

const UNQUOTED = 'C:\\P F\\gc.exe service-run --relay wss://x --data C:\\d';
const QUOTED = '"C:\\P F\\gc.exe" "service-run" "--relay" "wss://x" "--data" "C:\\d"';

type Given = Partial<FixPorts> & { readonly elevated?: boolean; readonly allowInsecurePath?: boolean };

const installed = async () => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request('v1')));
  const service = machine.scm.service(NAME);
  if (service === undefined) throw new Error('it was not installed');
  let closed = 0;
  const ports = (elevated = true): FixPorts => ({
    manager: machine.scm.manager(NAME, elevated),
    closeFolder: () => {
      closed += 1;
      return Promise.resolve();
    },
    registerEventLog: () => Promise.resolve({ kind: 'so', setting: 'event source', changed: false }),
  });
  const repair = async (changes: Partial<DoctorFacts> = {}, given: Given = {}) => {
    const { elevated, allowInsecurePath = false, ...replaced } = given;
    const found = await serviceFacts(machine.scm.manager(NAME));
    const facts = { ...WELL, status: { ...WELL.status, service: found }, ...changes };
    return fix({ ...ports(elevated), ...replaced }, { facts, allowInsecurePath });
  };
  return { machine, service, repair, closed: () => closed };
};

test('where nothing has drifted, nothing is changed', async (t) => {
  const { machine, service, repair, closed } = await installed();
  const before = structuredClone(service.config);
  t.same(await repair(), []);
  t.same(service.config, before);
  t.equal(closed(), 0);
  t.ok(machine.online(), 'and it goes on running');
});

test('everything that has drifted is set again, and said', async (t) => {
  const { service, repair } = await installed();
  service.config = { ...service.config, imagePath: UNQUOTED, startType: 'disabled', account: 'bob' };
  service.failureFlag = false;
  service.failureActions = { resetPeriodS: 0, actions: [] };
  service.description = '';
  t.same(await repair(), [
    ...['changed: start type', 'changed: account', 'changed: image path'],
    ...['changed: description', 'changed: recovery actions', 'changed: failure-actions flag'],
  ]);
  t.match(service.config, { imagePath: QUOTED, startType: 'auto', account: 'LocalSystem' });
  t.match(service, { failureFlag: true, failureActions: RECOVERY });
  t.same(await repair(), [], 'and once is enough');
});

test('another program that is quoted stays the service’s program', async (t) => {
  const { service, repair } = await installed();
  service.config = { ...service.config, imagePath: '"D:\\other\\node.exe" "x.js"' };
  t.same(await repair(), []);
  t.equal(service.config.imagePath, '"D:\\other\\node.exe" "x.js"');
});

test('what others can change is not made LocalSystem’s, unless an administrator answers for it', async (t) => {
  const { service, repair } = await installed();
  const drifted = { ...service.config, imagePath: UNQUOTED, account: 'bob', startType: 'disabled' as const };
  const weak = { weakness: known({ path: 'C:\\P F', who: 'Users' }) };
  const unseen = { weakness: { kind: 'failed', why: 'no answer' } } as const;
  for (const [changes, why] of [
    [weak, /left as it is: Users can change C:\\P F/],
    [unseen, /left as it is: .*no answer/],
  ] as const) {
    service.config = drifted;
    t.match(await repair(changes), ['changed: start type', /^error: the account /, why]);
    t.match(service.config, { imagePath: UNQUOTED, account: 'bob', startType: 'auto' });
  }
  t.match(await repair(weak, { allowInsecurePath: true }), ['changed: account', 'changed: image path']);
});

test('a program that cannot be told from its image path is left alone', async (t) => {
  const { service, repair } = await installed();
  const imagePath = 'C:\\P F\\run service-run';
  service.config = { ...service.config, imagePath };
  t.match(await repair(), [/^error: the image path was left as it is: .*guruconnect install/]);
  t.equal(service.config.imagePath, imagePath);
});

test('a folder that others can read is closed; one that they could write to is not believed', async (t) => {
  const { repair, closed } = await installed();
  const open = known({ files: 1, open: { path: 'C:\\data\\credential.json', who: 'Users' } });
  t.same(await repair({ folder: known({ kind: 'readable', who: 'Users' }) }), [
    'changed: access to C:\\data',
  ]);
  t.same(await repair({ store: open }), ['changed: access to C:\\data']);
  t.equal(closed(), 2);
  t.same(await repair({ store: open, folder: known({ kind: 'unsafe', why: 'Users' }) }), []);
  t.equal(closed(), 2);
});

test('without an administrator’s rights nothing is touched', async (t) => {
  const { service, repair } = await installed();
  service.failureFlag = false;
  await t.rejects(repair({}, { elevated: false }), { code: 5 });
  t.equal(service.failureFlag, false);
});

test('what cannot be set is said, and the rest is set', async (t) => {
  const { machine, service, repair } = await installed();
  service.failureFlag = false;
  service.description = '';
  machine.scm.fault('setFailureFlag', 1072);
  t.match(await repair(), [
    'changed: description',
    /^error: the failure-actions flag could not be set: .*1072/,
  ]);
});

test('a folder that cannot be closed and a source that cannot be registered keep nothing else back', async (t) => {
  const { repair } = await installed();
  const lines = await repair(
    { folder: known({ kind: 'readable', who: 'Users' }) },
    {
      closeFolder: () => Promise.reject(new UsageError('holds other things')),
      registerEventLog: () => Promise.resolve({ kind: 'failed', setting: 'event source', why: 'denied' }),
    },
  );
  t.same(lines, [
    'error: access to C:\\data could not be set: holds other things',
    'error: the event source could not be set: denied',
  ]);
  const registerEventLog = () =>
    Promise.resolve({ kind: 'so', setting: 'event source', changed: true } as const);
  t.same(await repair({}, { registerEventLog }), ['changed: event source']);
});

test('there is nothing to repair of a service that is not installed', async (t) => {
  const { repair } = await installed();
  t.same(await repair({ status: { ...WELL.status, service: { kind: 'absent' } } }), []);
});
