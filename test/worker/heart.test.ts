import { TIMING } from '@guruconnect/shared/timing';
import { createHeart } from '@guruconnect/worker/heart';
import { test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';

const INTERVAL = 15_000;

const start = () => {
  const clock = createFakeClock();
  const sent: number[] = [];
  let lost = 0;
  const heart = createHeart(
    clock,
    (seq) => sent.push(seq),
    () => {
      lost += 1;
    },
  );
  return { clock, sent, heart, lost: () => lost };
};

test('it beats at once, and an interval after each acknowledgement', (t) => {
  const { clock, sent, heart } = start();
  heart.start(INTERVAL);
  t.same(sent, [1]);
  clock.advance(40);
  t.equal(heart.acknowledge(1), 40);
  clock.advance(INTERVAL - 1);
  t.same(sent, [1]);
  clock.advance(1);
  t.same(sent, [1, 2]);
  t.end();
});

test('a probe beats at once, in the middle of an interval, and has less time', (t) => {
  const { clock, sent, heart, lost } = start();
  heart.start(INTERVAL);
  heart.acknowledge(1);
  clock.advance(5000);
  heart.probe();
  t.same(sent, [1, 2]);
  t.same(clock.pending(), [TIMING.probeAck]);
  clock.advance(100);
  t.equal(heart.acknowledge(2), 100);
  t.same(clock.pending(), [INTERVAL], 'and then all is as before');
  heart.probe();
  clock.advance(TIMING.probeAck);
  t.equal(lost(), 1);
  t.end();
});

test('while a probe is out, the answer to the heartbeat before it proves nothing', (t) => {
  const { clock, heart, lost } = start();
  heart.start(INTERVAL);
  heart.probe();
  t.equal(heart.acknowledge(1), undefined);
  clock.advance(TIMING.probeAck);
  t.equal(lost(), 1);
  t.end();
});

test('before the welcome and after the end there is nothing to probe', (t) => {
  const { clock, sent, heart } = start();
  heart.probe();
  t.equal(heart.acknowledge(0), undefined);
  heart.start(INTERVAL);
  heart.stop();
  heart.probe();
  t.equal(heart.acknowledge(1), undefined);
  t.same(sent, [1]);
  t.same(clock.pending(), []);
  t.end();
});
