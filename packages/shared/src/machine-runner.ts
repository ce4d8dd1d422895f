/**
 * Runs a pure machine: one queue in, effects out. An effect never steps the machine itself; what it causes is enqueued.
 * That one rule keeps every walk through the program one-directional.
 */

export interface Step<State, Effect> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export interface Machine<State, Event, Effect> {
  readonly start: Step<State, Effect>;
  step(state: State, event: Event): Step<State, Effect>;
}

export interface MachineEdges<State, Event, Effect> {
  perform(effect: Effect): void;
  /**
   * Of an event's effects these are performed first, ahead of `entering`, which follows also where one of them throws: somebody waits
   * for them, and nobody sees them. None where it is left out.
   */
  isUrgent?(effect: Effect): boolean;
  /** Called before the other effects of every event: what is written down here is there before the effects are seen. */
  entering?(from: State, event: Event | undefined, to: State): void;
  /** Called after the effects of every event. `event` is undefined for the start. */
  transition(from: State, event: Event | undefined, to: State): void;
  /** An effect or one of the two above threw: the machine takes no further event. */
  broke(error: unknown): void;
}

/** @returns the function that puts one event on the queue. It never throws. */
export const runMachine = <State, Event, Effect>(
  machine: Machine<State, Event, Effect>,
  edges: MachineEdges<State, Event, Effect>,
): ((event: Event) => void) => {
  const queue: Event[] = [];
  let state = machine.start.state;
  let busy = false;
  let broken = false;

  const take = (step: Step<State, Effect>, event: Event | undefined): void => {
    const from = state;
    state = step.state;
    const isUrgent = (effect: Effect): boolean => edges.isUrgent?.(effect) === true;
    try {
      for (const effect of step.effects) if (isUrgent(effect)) edges.perform(effect);
    } finally {
      edges.entering?.(from, event, state);
    }
    for (const effect of step.effects) if (!isUrgent(effect)) edges.perform(effect);
    edges.transition(from, event, state);
  };

  const drain = (first: () => void): void => {
    busy = true;
    try {
      first();
      for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
        take(machine.step(state, event), event);
      }
    } catch (error) {
      broken = true;
      edges.broke(error);
    } finally {
      busy = false;
    }
  };

  drain(() => {
    take(machine.start, undefined);
  });

  return (event) => {
    if (broken) return;
    queue.push(event);
    if (!busy) drain(() => undefined);
  };
};
