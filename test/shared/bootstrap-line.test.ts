import {
  type Bootstrap,
  MAX_LINE_BYTES,
  PIPE_VERSION,
  encodeBootstrap,
  parseBootstrap,
} from '@guruconnect/shared/pipe-protocol';
import { test } from 'tap';

const BOOTSTRAP: Bootstrap = {
  version: PIPE_VERSION,
  pipe: 'p',
  token: 't',
  supervisorPid: 1,
  options: {},
  afterBoot: false,
};

test('last words that do not fit into the line are left out, and nothing else ever is', (t) => {
  const lastWords = { lines: ['\u0001'.repeat(MAX_LINE_BYTES / 6)] };
  t.same(parseBootstrap(encodeBootstrap({ ...BOOTSTRAP, lastWords })), BOOTSTRAP);
  t.same(parseBootstrap(encodeBootstrap({ ...BOOTSTRAP, lastWords: { lines: [] } })), {
    ...BOOTSTRAP,
    lastWords: { lines: [] },
  });
  const longest = MAX_LINE_BYTES - JSON.stringify({ ...BOOTSTRAP, identity: { x: '' } }).length;
  t.equal(encodeBootstrap({ ...BOOTSTRAP, identity: { x: 'x'.repeat(longest) } }).length, MAX_LINE_BYTES + 1);
  t.throws(() => encodeBootstrap({ ...BOOTSTRAP, identity: { x: 'x'.repeat(longest + 1) } }), RangeError);
  t.end();
});
