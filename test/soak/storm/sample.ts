/** What the agents of a world hold, once a step is over. */
import { readdirSync } from 'node:fs';
import { isRestart, type StormEvent } from './event.ts';
import { footprintOf } from './footprint.ts';
import type { Kept, StormSample } from './growth.ts';
import { askHeap } from './heap.ts';
import type { World } from './world.ts';

/** After its garbage is gone. */
const keptBy = async (pid: number, folder: string): Promise<Kept> => {
  const heap = await askHeap(pid, folder);
  return { ...footprintOf(pid), ...heap };
};

/** @throws Error where a process of theirs is gone, or says nothing. */
export const takeSample = async (world: World, step: number, event: StormEvent): Promise<StormSample> => {
  const { lasting, mortal, temp } = world;
  const { supervisor, worker } = lasting.agent.pids();
  const newborn = mortal.agent.pids();
  return {
    step,
    lasting: {
      supervisor: await keptBy(supervisor, lasting.data),
      worker: await keptBy(worker, lasting.data),
    },
    ...(isRestart(event)
      ? {
          newborn: { supervisor: footprintOf(newborn.supervisor), worker: footprintOf(newborn.worker) },
        }
      : {}),
    temp: readdirSync(temp).length,
  };
};
