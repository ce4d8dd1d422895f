/** The splitter with a bug: how much of a line is there already is forgotten when its rest comes, so that the limit is one chunk's. */
import type { LineSplitter } from '@guruconnect/shared/lines';

export const createForgetfulSplitter = (maxBytes: number): LineSplitter => {
  let rest = '';
  let broken = false;
  return {
    push: (chunk) => {
      const parts = Buffer.from(chunk).toString('latin1').split('\n');
      broken ||= parts.some((part) => part.length > maxBytes);
      if (broken) return undefined;
      const lines = `${rest}${parts.join('\n')}`.split('\n');
      rest = lines.pop() ?? '';
      return lines.map((line) => Buffer.from(line, 'latin1').toString());
    },
  };
};
