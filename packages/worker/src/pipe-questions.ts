/** Questions over the pipe and their answers, matched by number. */
import type { Clock, Timer } from '@guruconnect/shared/clock';
import type { StoreAnswer, StoreRequest } from '@guruconnect/shared/store-protocol';
import { TIMING } from '@guruconnect/shared/timing';

type Unnumbered<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;
export type Question = Unnumbered<StoreRequest>;

export interface Questions {
  /** Rejects after `storeAnswer`, and once nobody is left to answer. */
  ask(question: Question): Promise<StoreAnswer>;
  /** To whom it concerns; a late one, and one that nobody has asked for, concerns nobody. */
  answer(answer: StoreAnswer): void;
  /** The pipe has ended: whoever waits, or asks from now on, waits for nothing. */
  giveUp(): void;
}

interface Waiting {
  readonly timer: Timer;
  readonly resolve: (answer: StoreAnswer) => void;
  readonly reject: (error: Error) => void;
}

export const createQuestions = (clock: Clock, send: (request: StoreRequest) => void): Questions => {
  const open = new Map<number, Waiting>();
  let last = 0;
  let gone = false;
  /** Whoever takes it out settles it, so that it is settled once. */
  const take = (id: number): Waiting | undefined => {
    const waiting = open.get(id);
    open.delete(id);
    waiting?.timer.cancel();
    return waiting;
  };
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (gone) {
          reject(new Error('the supervisor has gone'));
          return;
        }
        const id = (last += 1);
        const timer = clock.after(TIMING.storeAnswer, () => {
          take(id)?.reject(new Error(`the supervisor has not answered within ${TIMING.storeAnswer} ms`));
        });
        open.set(id, { timer, resolve, reject });
        send({ ...question, id });
      }),
    answer: (answer) => {
      take(answer.id)?.resolve(answer);
    },
    giveUp: () => {
      gone = true;
      for (const id of [...open.keys()]) take(id)?.reject(new Error('the supervisor has gone'));
    },
  };
};
