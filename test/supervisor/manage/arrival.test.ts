/** After Running: what is waited for, how long, and what is said of it. */
import { TIMING } from '@guruconnect/shared/timing';
import type { LiveStatus } from '@guruconnect/supervisor/live-status';
import { awaitArrival } from '@guruconnect/supervisor/manage/arrival';
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import type { Answer } from '@guruconnect/supervisor/status-client';
import { test } from 'tap';
import { NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';

/** Stands for the service's own process, whichever that is. */
const OWN = 0;
const RELAY = 'wss://relay.example';
const answer = (live: Partial<LiveStatus>): Answer => ({
  kind: 'answer',
  ageMs: 0,
  live: {
    version: 1,
    product: '0.1.0',
    mode: 'service',
    pid: OWN,
    startedAt: '2026-01-01T00:00:00.000Z',
    service: 'running',
    ...live,
  },
});
const ONLINE = answer({ link: { state: 'online', relay: RELAY } });
const connecting = (trouble?: string) => answer({ link: { state: 'connecting', relay: RELAY, trouble } });

/** A running service; the `answers` come one by one, and the last one for ever. */
const arrive = async (...answers: readonly Answer[]) => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request('v1')));
  const pid = machine.scm.process(NAME)?.pid ?? 0;
  let asked = 0;
  const ask = (): Promise<Answer> => {
    const next = answers[Math.min(asked++, answers.length - 1)] ?? ONLINE;
    return Promise.resolve(
      next.kind === 'answer' && next.live.pid === OWN ? { ...next, live: { ...next.live, pid } } : next,
    );
  };
  const since = machine.clock.now();
  return {
    machine,
    await: async () => {
      const arrival = await machine.run(awaitArrival(machine.ports(), ask));
      return { arrival, took: machine.clock.now() - since };
    },
  };
};

test('one that is online is known to be at once', async (t) => {
  const { machine, await: arrival } = await arrive(ONLINE);
  t.same(await arrival(), { arrival: { kind: 'online', relay: RELAY }, took: 0 });
  t.match(machine.progress.at(-1), /agent to be online/);
});

test('one that comes online meanwhile is waited for, and no longer', async (t) => {
  const { await: arrival } = await arrive({ kind: 'nobody' }, { kind: 'silent' }, connecting('busy'), ONLINE);
  t.same(await arrival(), { arrival: { kind: 'online', relay: RELAY }, took: 3 * TIMING.statePoll });
});

test('one that does not come online goes on trying: within the bound, with the reason', async (t) => {
  const { await: arrival } = await arrive(connecting('ECONNREFUSED'));
  t.same(await arrival(), { arrival: { kind: 'trying', why: 'ECONNREFUSED' }, took: TIMING.onlineWait });
});

const REASONS: Readonly<Record<string, readonly [string, ...Answer[]]>> = {
  'a supervisor that serves no status': ['no answer from the relay yet', { kind: 'nobody' }],
  'a link without trouble': ['no answer from the relay yet', connecting()],
  'a note, which says more than the link': [
    'the worker was refused',
    answer({ note: 'the worker was refused', link: { state: 'waiting', relay: RELAY, trouble: 'x' } }),
  ],
  'a trouble that was heard of before the answers ceased': [
    'ENOTFOUND',
    connecting('ETIMEDOUT'),
    connecting('ENOTFOUND'),
    connecting(),
    { kind: 'silent' },
  ],
};
for (const [what, [why, ...answers]] of Object.entries(REASONS)) {
  test(`why it is not online: ${what}`, async (t) => {
    const { await: arrival } = await arrive(...answers);
    t.same((await arrival()).arrival, { kind: 'trying', why });
  });
}

test('whoever else answers does not pass for the service', async (t) => {
  const link = { state: 'online', relay: RELAY, trouble: 'of another one' } as const;
  const { await: arrival } = await arrive(answer({ pid: 666, note: 'of another one', link }));
  t.same((await arrival()).arrival, { kind: 'trying', why: 'no answer from the relay yet' });
});

test('one that ends again is said to have, at once and whatever still answers for it', async (t) => {
  const { machine, await: arrival } = await arrive(connecting(), ONLINE);
  machine.clock.after(TIMING.statePoll, machine.good.crash);
  t.same(await arrival(), {
    arrival: { kind: 'ended', why: 'the worker ended without being asked to (1066 / 1)' },
    took: TIMING.statePoll,
  });
});

test('one that is stopped by somebody else meanwhile has ended as well', async (t) => {
  const { machine, await: arrival } = await arrive(ONLINE);
  await machine.run(stopService(machine.ports()));
  t.match((await arrival()).arrival, { kind: 'ended', why: /as it was asked to/ });
});

test('a question to the SCM that is refused is an error, and no arrival', async (t) => {
  const { machine, await: arrival } = await arrive(ONLINE);
  machine.scm.fault('status', 1722);
  await t.rejects(arrival(), { code: 1722 });
});
