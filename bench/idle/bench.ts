/** All contenders connected and idle at the same time: one after the other would take an hour, and idle processes do not compete. */
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { notMeasured } from '../claim.ts';
import { measuringNode } from '../ground/node.ts';
import { bundledProduct } from '../ground/product.ts';
import { startOurs } from '../ground/relay.ts';
import { claimsOf, groupsOf } from './claims.ts';
import { CONTENDERS, type ContenderKey, type Instance, startInstance } from './contenders.ts';
import { type Both, type Observed, type Used, heldBy, sliceOf, usedBy } from './sample.ts';

interface Plan {
  readonly instances: number;
  /** What a start leaves to be done, V8's idle work above all, is over by then. */
  readonly settleMs: number;
  readonly slices: number;
  readonly sliceMs: number;
}

const FULL: Plan = { instances: 3, settleMs: 60_000, slices: 10, sliceMs: 30_000 };
const QUICK: Plan = { instances: 1, settleMs: 3_000, slices: 3, sliceMs: 3_000 };
const ONLINE_MS = 120_000;
const MINUTE = 60_000;
const KEYS = Object.keys(CONTENDERS) as ContenderKey[];

const observe = async (
  instances: readonly Instance[],
  { slices, sliceMs }: Plan,
): Promise<readonly Observed[]> => {
  const seen = instances.map((instance) => ({
    instance,
    slices: [] as Both<Used>[],
    last: usedBy(instance),
  }));
  let from = performance.now();
  for (let slice = 0; slice < slices; slice += 1) {
    await pause(sliceMs);
    const minutes = (performance.now() - from) / MINUTE;
    from = performance.now();
    for (const one of seen) {
      const now = usedBy(one.instance);
      one.slices.push(sliceOf(one.last, now, minutes));
      one.last = now;
    }
  }
  return seen.map(({ instance, slices: done }) => ({
    key: instance.key,
    slices: done,
    held: heldBy(instance),
  }));
};

export const benchIdle: Bench = async ({ quick }, say) => {
  if (process.platform !== 'linux')
    return {
      claims: [notMeasured({ name: 'idle', limit: 1, unit: 'ms a minute' }, 'it is measured on Linux')],
    };
  const plan = quick ? QUICK : FULL;
  const node = await measuringNode(say);
  const product = await bundledProduct();
  const relay = await startOurs(node);
  const instances: Instance[] = [];
  try {
    for (let round = 0; round < plan.instances; round += 1)
      for (const key of KEYS) {
        const instance = await startInstance(key, node, product, relay);
        if (instance === undefined && round === 0)
          say(`not measured: ${CONTENDERS[key].name} cannot be had here`);
        if (instance !== undefined) instances.push(instance);
      }
    const connected = instances.filter(({ key }) => CONTENDERS[key].connects).length;
    await relay.online(connected, ONLINE_MS);
    say(
      `${instances.length} instances are up, ${connected} of them online: ${plan.settleMs / 1000} s to settle`,
    );
    await pause(plan.settleMs);
    say(`measuring all of them at the same time, ${(plan.slices * plan.sliceMs) / 1000} s`);
    const all = await observe(instances, plan);
    return { claims: claimsOf(all), groups: groupsOf(all) };
  } finally {
    await Promise.all(instances.map(({ program }) => program.end()));
    await relay.end();
    for (const { folder } of instances) rmSync(folder, { recursive: true, force: true });
  }
};
