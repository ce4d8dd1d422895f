/** The Node that everything on Linux is measured on, both sides of a ratio alike: that of the product. */
import { messageOf } from '@guruconnect/shared/usage-error';
import { nodePrograms } from './scripts.ts';

let found: string | undefined;

/** Where it cannot be had, this one; and says so. */
export const measuringNode = async (say: (text: string) => void): Promise<string> => {
  if (found !== undefined) return found;
  const { NODE_VERSION, fetchSameNode, sameNode } = await nodePrograms();
  try {
    fetchSameNode();
    found = sameNode;
  } catch (error) {
    say(`Node ${NODE_VERSION} cannot be had (${messageOf(error)}): measured on ${process.version}`);
    found = process.execPath;
  }
  return found;
};
