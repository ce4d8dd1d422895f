/** What is to happen next: a binary heap of agents by time. An agent has one appointment at the most. */
export interface Agenda {
  readonly size: () => number;
  /** @param at milliseconds. */
  readonly add: (agent: number, at: number) => void;
  /** The agent whose time is the earliest; of equal times any, but always the same. -1 if there is none. */
  readonly next: () => number;
  /** When the agent that was given last is due. */
  readonly at: (agent: number) => number;
}

export const createAgenda = (agents: number): Agenda => {
  const heap = new Int32Array(agents);
  const times = new Float64Array(agents);
  let size = 0;
  // Every index below is within the heap.
  const time = (index: number): number => times[heap[index] as number] as number;
  const swap = (a: number, b: number): void => {
    const held = heap[a] as number;
    heap[a] = heap[b] as number;
    heap[b] = held;
  };

  const rise = (from: number): void => {
    for (let index = from; index > 0;) {
      const parent = (index - 1) >> 1;
      if (time(parent) <= time(index)) return;
      swap(parent, index);
      index = parent;
    }
  };
  const sink = (): void => {
    for (let index = 0; ;) {
      const left = 2 * index + 1;
      if (left >= size) return;
      const child = left + 1 < size && time(left + 1) < time(left) ? left + 1 : left;
      if (time(index) <= time(child)) return;
      swap(index, child);
      index = child;
    }
  };

  return {
    size: () => size,
    add: (agent, at) => {
      times[agent] = at;
      heap[size] = agent;
      size += 1;
      rise(size - 1);
    },
    next: () => {
      if (size === 0) return -1;
      const agent = heap[0] as number;
      size -= 1;
      heap[0] = heap[size] as number;
      sink();
      return agent;
    },
    at: (agent) => times[agent] as number,
  };
};
