/** Who reads what a command writes: `head`, say, goes when it has seen enough. */
import { isClosedPipe } from '../logs/log-output.ts';

/**
 * Of a reader who has gone nothing is said, and nothing ends by it: an installation goes on to its end.
 * @throws (in the event) any other error that no other listener of the stream is there for
 */
export const letReaderGo = (stream: NodeJS.WritableStream): void => {
  stream.on('error', (error: unknown) => {
    if (!isClosedPipe(error) && stream.listenerCount('error') === 1) throw error;
  });
};
