/** Errors that nobody has caught, for whoever can end the service because of them. */
import { settleable } from '@guruconnect/shared/settleable';

export interface Uncaught {
  /** Rejects with the first error that came before anybody listened; never resolves. */
  readonly early: Promise<never>;
  /** From now on they go to `listener`. @throws Error the early one: what should listen then must not begin any more. */
  onError(listener: (error: unknown) => void): void;
}

/** Takes them over from Node, which would end the process, and with it a service that has told nobody why. */
export const takeUncaught = (): Uncaught => {
  const early = settleable<never>();
  let first: Error | undefined;
  let listener = (error: unknown): void => {
    first ??= error instanceof Error ? error : new Error(String(error));
    early.reject(first);
  };
  const tell = (error: unknown): void => {
    listener(error);
  };
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
  return {
    early: early.promise,
    onError: (next) => {
      if (first !== undefined) throw first;
      listener = next;
    },
  };
};
