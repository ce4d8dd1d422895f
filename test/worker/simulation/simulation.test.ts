/**
 * The agent against a relay that misbehaves, on a virtual clock: thousands of lives, each from a seed. A failure names its
 * seed; `GURUCONNECT_SEED=n` plays that one life alone, `GURUCONNECT_LIVES=n` so many.
 */
import assert from 'node:assert/strict';
import { MAX_BUFFERED_BYTES } from '@guruconnect/shared/relay-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';
import { createWorld } from './world.ts';

const LIVES = Number(process.env['GURUCONNECT_LIVES'] ?? 2000);
const ONE = process.env['GURUCONNECT_SEED'];
const seeds = ONE === undefined ? Array.from({ length: LIVES }, (_, seed) => seed) : [Number(ONE)];

/** The longest wait there is: an hour of refusals and a tenth of it, or of a slot and a second. */
const LONGEST_WAIT = 1.1 * TIMING.refusedRetry;
/** Half-open: an interval of 15 s at the most until the next heartbeat, and its time. */
const NOTICED_WITHIN = 15_000 + TIMING.heartbeatAck;
/** How often a try may come in a minute, with the luckiest jitter and something happening to the machine. */
const TRIES_IN_A_MINUTE = 30;

const busiestMinute = (tries: readonly number[]): number =>
  Math.max(0, ...tries.map((at) => tries.filter((other) => other >= at && other < at + 60_000).length));

const playLife = async (seed: number) => {
  const world = createWorld(seed);
  const { relay, random } = world;
  const happened = new Set<string>();
  for (let n = random.between(1, 12); n > 0; n -= 1) {
    await world.live(random.between(0, 180_000));
    happened.add(await world.happen());
    assert.equal(world.outcome(), 'running', 'the relay and the network end no agent');
  }
  const stopsAmidst = random.chance(0.5);
  if (!stopsAmidst) {
    relay.heal();
    // What is open may be dead already, and look online until that is noticed.
    await world.live(NOTICED_WITHIN + 1);
    assert.ok(await world.liveUntilOnline(LONGEST_WAIT + TIMING.connect), 'it is back once its relay is');
    await world.live(TIMING.stable + NOTICED_WITHIN);
    assert.equal(world.link(), 'online', 'and stays');
    assert.equal(relay.online(), 1);
  }
  world.stop();
  await world.live(TIMING.closeStop + 1);
  assert.equal(world.outcome(), 'ended', 'a stop ends it within its bound');
  await world.live(1000);
  assert.equal(relay.seen.open, 0, 'nothing of it is left open');
  assert.equal(world.listeners(), 0);
  assert.equal(world.timers(), 0, 'nothing of it is still to come');
  const { seen } = relay;
  // One that is being let go of may overlap with the next for as long as it takes to say so.
  assert.ok(seen.most <= 2, `${seen.most} sockets at once`);
  assert.ok(
    seen.slots.every(({ kept }) => kept),
    'every slot is waited out',
  );
  assert.ok(seen.kept <= MAX_BUFFERED_BYTES + 1024, `${seen.kept} bytes kept`);
  assert.ok(busiestMinute(seen.tries) <= TRIES_IN_A_MINUTE, `${busiestMinute(seen.tries)} tries in a minute`);
  return { ...seen, happened };
};

const NO_LIFE = { kinds: new Set<string>(), happened: new Set<string>(), unnoticed: [], slots: [] };

test(`${seeds.length} lives with a relay that does everything wrong`, { timeout: 240_000 }, async (t) => {
  const kinds = new Set<string>();
  const happened = new Set<string>();
  let noticed = 0;
  let slots = 0;
  for (const seed of seeds) {
    const life = await playLife(seed).catch((error: unknown) => {
      t.fail(`seed ${seed}: ${(error as Error).message}`);
      return NO_LIFE;
    });
    for (const kind of life.kinds) kinds.add(kind);
    for (const what of life.happened) happened.add(what);
    noticed += life.unnoticed.length;
    slots += life.slots.length;
  }
  t.comment(`${noticed} half-open sessions noticed, ${slots} slots waited out`);
  t.comment([...kinds, ...happened].sort().join(' '));
  t.equal(kinds.size, ONE === undefined ? 21 : kinds.size, 'every door and every fate was met');
  t.ok(ONE !== undefined || (happened.size === 6 && noticed > 500 && slots > 500));
  t.end();
});
