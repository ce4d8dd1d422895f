import { TIMING } from '@guruconnect/shared/timing';
import { FAILED, OK } from '@guruconnect/supervisor/machine';
import { test } from 'tap';
import { running, setStage, workerOf } from './stage.ts';

const BEAT = { kind: 'beat', link: 'online', relay: 'wss://relay.example' } as const;
const FAULT = { code: 'no-credential', message: 'no credential and no token' };

test('a worker that says hello makes the service Running', (t) => {
  const stage = setStage();
  t.same(stage.host.heard, ['start-pending']);
  workerOf(stage).on.ready();
  t.same(stage.host.heard, ['start-pending', 'running']);
  t.same(stage.clock.pending(), [], 'and nothing is waited for');
  t.end();
});

for (const control of ['stop', 'shutdown'] as const) {
  for (const code of [0, 1, undefined]) {
    test(`a ${control} is passed on, and an exit with ${code ?? 'no code'} is Stopped OK`, async (t) => {
      const { host, worker, supervision, clock } = running();
      host.control(control);
      t.same(worker.asked, [control]);
      t.same(host.heard, ['start-pending', 'running', 'stop-pending']);
      worker.exit(code);
      t.same(host.heard, ['start-pending', 'running', 'stop-pending', 'stopped(OK)']);
      t.equal(await supervision.done, OK);
      t.equal(worker.kills, 0);
      t.same(clock.pending(), []);
    });
  }

  test(`a worker that ignores a ${control} is killed when its grace is over, and the stop is OK`, async (t) => {
    const { host, worker, supervision, clock } = running();
    const grace = { stop: TIMING.stopGrace, shutdown: TIMING.shutdownGrace }[control];
    host.control(control);
    clock.advance(grace - 1);
    t.equal(worker.kills, 0);
    clock.advance(1);
    t.equal(worker.kills, 1);
    t.same(host.heard.slice(2), ['stop-pending', 'checkpoint']);
    worker.exit();
    t.same(host.heard.slice(3), ['checkpoint', 'stopped(OK)']);
    t.equal(await supervision.done, OK);
  });
}

test('a kill is repeated until the exit is seen, and not a moment longer', (t) => {
  const { host, worker, clock } = running();
  host.control('stop');
  clock.advance(TIMING.stopGrace);
  for (const kills of [1, 2, 3, 4]) {
    t.equal(worker.kills, kills);
    clock.advance(TIMING.killRetry - 1);
    t.equal(worker.kills, kills);
    clock.advance(1);
  }
  t.equal(host.heard.filter((word) => word === 'checkpoint').length, 1, 'time alone is no progress');
  worker.exit();
  clock.advance(10 * TIMING.killRetry);
  t.equal(worker.kills, 5);
  t.end();
});

test('a worker that never says hello is killed, and the service has failed', async (t) => {
  const stage = setStage();
  const worker = workerOf(stage);
  stage.clock.advance(TIMING.workerHello - 1);
  t.equal(worker.kills, 0);
  stage.clock.advance(1);
  t.equal(worker.kills, 1);
  worker.exit();
  t.same(stage.host.heard, ['start-pending', 'stop-pending', 'stopped(FAILED)']);
  t.equal(await stage.supervision.done, FAILED);
});

test('a worker that hello came from in time is left alone when the bound has passed', (t) => {
  const { host, worker, clock } = running();
  clock.advance(10 * TIMING.workerHello);
  t.equal(worker.kills, 0);
  t.same(host.heard, ['start-pending', 'running']);
  t.end();
});

for (const code of [0, 1, 78, undefined]) {
  test(`a worker that ends unasked with ${code ?? 'no code'} has failed`, async (t) => {
    const { host, worker, supervision } = running();
    worker.exit(code);
    t.same(host.heard, ['start-pending', 'running', 'stopped(FAILED)']);
    t.equal(await supervision.done, FAILED);
  });
}

test('a worker that lost its pipe but lives is killed after the grace for its exit', async (t) => {
  const { host, worker, supervision, clock } = running();
  worker.on.pipeLost();
  t.same(host.heard.slice(2), ['stop-pending']);
  clock.advance(TIMING.exitGrace - 1);
  t.equal(worker.kills, 0);
  clock.advance(1);
  t.equal(worker.kills, 1);
  worker.exit();
  t.same(host.heard.slice(2), ['stop-pending', 'checkpoint', 'stopped(FAILED)']);
  t.equal(await supervision.done, FAILED);
});

test('a worker that hangs is killed at once', async (t) => {
  const { host, worker, supervision } = running();
  worker.on.hung('busy');
  t.equal(worker.kills, 1);
  worker.exit();
  t.same(host.heard.slice(2), ['stop-pending', 'stopped(FAILED)']);
  t.equal(await supervision.done, FAILED);
});

test('how it hangs is told with the kill, and not where another bound had passed', (t) => {
  const hung = running();
  hung.worker.on.hung('pool');
  t.same(
    hung.notices.filter(({ kind }) => kind === 'killed'),
    [{ kind: 'killed', after: 'hung', hang: 'pool' }],
  );
  const stopping = running();
  stopping.host.control('stop');
  stopping.worker.on.hung('busy');
  stopping.clock.advance(TIMING.stopGrace);
  t.same(
    stopping.notices.filter(({ kind }) => kind === 'killed'),
    [{ kind: 'killed', after: 'stop' }],
  );
  t.end();
});

test('a stop that came before anybody listened is a stop', async (t) => {
  const stage = setStage({ early: ['stop'] });
  const worker = workerOf(stage);
  t.same(worker.asked, ['stop']);
  worker.exit(0);
  t.same(stage.host.heard, ['start-pending', 'stop-pending', 'stopped(OK)']);
  t.equal(await stage.supervision.done, OK);
});

test('what a worker says while it is still being spawned is heard, after the start', async (t) => {
  const { host, supervision, spawned } = setStage({
    atSpawn: (worker) => {
      worker.on.ready();
      worker.exit(1);
    },
  });
  t.same(host.heard, ['start-pending', 'running', 'stopped(FAILED)']);
  t.equal(await supervision.done, FAILED);
  t.equal(spawned.length, 1);
});

test('after Stopped nothing is reported, asked, killed or waited for', async (t) => {
  const { host, worker, supervision, clock, spawned } = running();
  host.control('stop');
  worker.exit(0);
  const heard = [...host.heard];
  host.control('stop');
  host.control('shutdown');
  worker.on.ready();
  worker.on.hung('busy');
  worker.on.pipeLost();
  worker.exit(1);
  clock.advance(10 * TIMING.workerHello);
  t.same(host.heard, heard);
  t.same(worker.asked, ['stop']);
  t.equal(worker.kills, 0);
  t.same(clock.pending(), []);
  t.equal(spawned.length, 1);
  t.equal(await supervision.done, OK);
});

test('a life is told in notices: the spawn, the beats, the faults, the kill, the exit, each transition once', (t) => {
  const { host, worker, notices, clock } = running();
  worker.on.ready();
  worker.on.beat(BEAT);
  worker.on.fault(FAULT);
  host.control('stop');
  clock.advance(TIMING.stopGrace + TIMING.killRetry);
  worker.exit();
  const transition = (from: string, event: string, to: string) => ({ kind: 'transition', from, event, to });
  const exit = { pid: worker.pid, code: undefined, signal: 'SIGKILL', lastWords: [] };
  t.same(notices, [
    transition('starting', 'start', 'starting'),
    { kind: 'spawned', pid: worker.pid },
    transition('starting', 'worker-ready', 'running'),
    { kind: 'beat', beat: BEAT },
    { kind: 'fault', fault: FAULT },
    { ...transition('running', 'control', 'stopping'), control: 'stop' },
    { kind: 'killed', after: 'stop' },
    { kind: 'killed', after: 'kill' },
    { kind: 'exited', exit },
    transition('stopping', 'worker-exited', 'stopped'),
  ]);
  t.end();
});

test('a supervisor that is about to end kills its worker, reports nothing and waits for nothing', (t) => {
  const { host, worker, supervision, clock } = running();
  host.control('stop');
  supervision.abandon();
  t.equal(worker.kills, 1);
  t.same(clock.pending(), []);
  t.same(host.heard.slice(2), ['stop-pending']);
  t.end();
});

test('what is logged of an end is logged before the service is seen as stopped', async (t) => {
  const calls: string[] = [];
  const before = (call: string): void => void calls.push(call);
  running({ before }).worker.exit(1);
  t.same(calls.slice(-3), ['notice exited', 'notice transition', 'host.report']);
  const { supervision } = running({ before });
  supervision.fail(new Error('of our own'));
  await t.rejects(supervision.done, { message: 'of our own' });
  t.same(calls.slice(-3), ['notice failed', 'worker.kill', 'host.report']);
  supervision.fail(new Error('and another one'));
  t.same(calls.slice(-2), ['host.report', 'notice failed'], 'a second one is told, and does nothing else');
});
