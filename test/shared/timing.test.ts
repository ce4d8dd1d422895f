import * as timing from '@guruconnect/shared/timing';
import { test } from 'tap';

// As numbers, not as the literals that they are: the compiler would know the answers.
const TIMING: Readonly<Record<keyof typeof timing.TIMING, number>> = timing.TIMING;
const BEAT_MISSES: number = timing.BEAT_MISSES;
const STOP_LIMIT: number = timing.STOP_LIMIT;
const SHUTDOWN_LIMIT: number = timing.SHUTDOWN_LIMIT;

test('every bound is a positive whole number of milliseconds that a timer can take', (t) => {
  for (const [name, ms] of Object.entries(TIMING)) t.ok(Number.isInteger(ms) && ms > 0 && ms < 2 ** 31, name);
  t.end();
});

test('on a stop the worker has closed its session and left before its grace is over', (t) => {
  t.ok(TIMING.closeStop + TIMING.exitGuard < TIMING.stopGrace);
  t.end();
});

test('on a stop the worker is killed and reaped within the limit', (t) => {
  t.ok(TIMING.stopGrace + TIMING.reap <= STOP_LIMIT);
  t.end();
});

test('at shutdown the worker has closed its session and left before its grace is over', (t) => {
  t.ok(TIMING.closeShutdown + TIMING.exitGuard < TIMING.shutdownGrace);
  t.end();
});

test('at shutdown the worker is killed, twice if need be, within the limit', (t) => {
  t.ok(TIMING.shutdownGrace < SHUTDOWN_LIMIT);
  t.ok(TIMING.shutdownGrace + TIMING.killRetry < SHUTDOWN_LIMIT);
  t.end();
});

test('shutdown is never slower than a stop', (t) => {
  t.ok(TIMING.closeShutdown < TIMING.closeStop);
  t.ok(TIMING.shutdownGrace < TIMING.stopGrace);
  t.ok(SHUTDOWN_LIMIT < STOP_LIMIT);
  t.end();
});

test('two kills fit into the time to reap', (t) => {
  t.ok(2 * TIMING.killRetry <= TIMING.reap);
  t.end();
});

test('a worker whose pipe ends is killed and reaped within the limit too', (t) => {
  t.ok(TIMING.exitGrace + TIMING.reap <= STOP_LIMIT);
  t.ok(TIMING.closeStop + TIMING.exitGuard < TIMING.exitGrace);
  t.end();
});

const PENDING = ['workerHello', 'stopGrace', 'shutdownGrace', 'exitGrace', 'killRetry'] as const;
for (const wait of PENDING) {
  test(`the wait hint is longer than ${wait}, a wait inside a pending state`, (t) => {
    t.ok(TIMING[wait] < TIMING.transitionHint);
    t.end();
  });
}

test('the wait hint covers the kill that follows a grace: no checkpoint is due before it', (t) => {
  t.ok(TIMING.stopGrace + TIMING.killRetry < TIMING.transitionHint);
  t.end();
});

test('a supervisor that works through all of a stop is not taken for one that hangs', (t) => {
  t.ok(TIMING.stopGrace + TIMING.reap + TIMING.lastWords < TIMING.stopBudget);
  t.ok(TIMING.exitGrace + TIMING.reap + TIMING.lastWords < TIMING.stopBudget);
  t.ok(TIMING.shutdownGrace + TIMING.killRetry < TIMING.shutdownBudget);
  t.ok(TIMING.shutdownBudget < TIMING.stopBudget);
  t.end();
});

test('one that hangs is Stopped within the limit, and within the hint: no tool ends it before that', (t) => {
  t.ok(TIMING.stopBudget + 2 * TIMING.hungStep < STOP_LIMIT);
  t.ok(TIMING.stopBudget + 2 * TIMING.hungStep < TIMING.transitionHint);
  t.ok(TIMING.shutdownBudget < SHUTDOWN_LIMIT);
  t.end();
});

test('after Stopped the addon ends nobody who ends by himself, and before a tool does', (t) => {
  t.ok(TIMING.dispatcherEnd + TIMING.eventLogEnd + TIMING.exitGuard < TIMING.endBudget);
  t.ok(TIMING.endBudget < TIMING.hardEnd);
  t.end();
});

test('a worker gives up on its bootstrap and a supervisor on a stranger before the hello is overdue', (t) => {
  t.ok(TIMING.bootstrap < TIMING.workerHello);
  t.ok(TIMING.pipeHello < TIMING.workerHello);
  t.end();
});

test('the store has been read before the worker gives up on its bootstrap, and a first try to store ends with its enrolment', (t) => {
  t.ok(TIMING.storeRead < TIMING.bootstrap);
  t.ok(TIMING.storeAnswer < TIMING.enroll && TIMING.storeAnswer < TIMING.storeRetry);
  t.ok(
    timing.STORE_REQUESTS * TIMING.storeRetry > 2 * TIMING.storeWindow,
    'retries stay within what is answered',
  );
  t.end();
});

test('a heartbeat is given up on before a worker without beats would count as hung', (t) => {
  t.ok(TIMING.heartbeatAck < BEAT_MISSES * TIMING.beat);
  t.ok(BEAT_MISSES >= 1, 'one late beat is no hang');
  t.end();
});

test('the backoff has somewhere to grow, and a session counts as stable only beyond its first tries', (t) => {
  t.ok(TIMING.backoffFirst < TIMING.backoffCap);
  t.ok(TIMING.stable > TIMING.connect);
  t.end();
});

test('a tool has patience with a service for as long as its own stop may take, and looks often enough to see it', (t) => {
  t.ok(TIMING.hintLeast > 10 * TIMING.statePoll);
  t.ok(TIMING.hintLeast < TIMING.transitionHint && TIMING.transitionHint < TIMING.hintMost);
  t.ok(TIMING.hintMost < TIMING.settle);
  t.ok(TIMING.stopGrace + TIMING.reap < TIMING.settle);
  t.end();
});

test('a stopped service is given longer for its process to go than it takes itself', (t) => {
  t.ok(TIMING.dispatcherEnd + TIMING.exitGuard < TIMING.hardEnd);
  t.end();
});

test('a predecessor that is marked for deletion is waited for as the seed did: five tries, 400 ms apart', (t) => {
  t.equal(timing.CREATE_TRIES, 5);
  t.equal(TIMING.createRetry, 400);
  t.end();
});

test('a supervisor tells its status more often than anybody would call it silent or hung', (t) => {
  t.ok(TIMING.statusAnswer < TIMING.beat);
  t.end();
});
