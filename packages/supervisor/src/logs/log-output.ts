/** Where the lines go: no faster than they are read, and no longer. */

export interface LogOutput {
  /** @returns whether anybody still reads. @throws the system's error, but for a pipe that was closed */
  write(text: string): Promise<boolean>;
}

/** Whether a write has failed because nobody reads any more; in the codes of Windows as well. */
export const isClosedPipe = (error: unknown): boolean =>
  ['EPIPE', 'EOF', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '');

/** @param onClosed nobody reads any more: `head` has what it wants. */
export const openOutput = (stream: NodeJS.WritableStream, onClosed: () => void): LogOutput => {
  let failure: unknown;
  stream.on('error', (error: unknown) => {
    failure = error;
    onClosed();
  });
  const isOpen = (): boolean => {
    if (failure !== undefined && !isClosedPipe(failure)) throw failure as Error;
    return failure === undefined;
  };
  return {
    write: async (text) => {
      if (!isOpen()) return false;
      await new Promise<void>((resolve) => {
        stream.write(text, () => {
          resolve();
        });
      });
      return isOpen();
    },
  };
};
