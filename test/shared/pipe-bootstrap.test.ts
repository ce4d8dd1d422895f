/** What is a bootstrap line, and what is none; the other messages are in pipe-protocol.test.ts. */
import { PIPE_VERSION, parseBootstrap } from '@guruconnect/shared/pipe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';

const start = { version: PIPE_VERSION, pipe: '/p', token: 't', supervisorPid: 1, options: {} };
test('beats come as they always do where the bootstrap names an interval that is none', (t) => {
  for (const beatMs of [undefined, null, '100', -1, 0, 0.5, TIMING.beat + 1, 1e300, [100], {}]) {
    t.strictSame(
      parseBootstrap(JSON.stringify({ ...start, beatMs })),
      { ...start, afterBoot: false },
      JSON.stringify(beatMs),
    );
  }
  t.match(parseBootstrap(JSON.stringify({ ...start, beatMs: 100 })), { beatMs: 100 });
  t.end();
});

const notABootstrap: Record<string, unknown> = {
  'a later version': { ...start, version: PIPE_VERSION + 1 },
  'a text for a version': { ...start, version: `${PIPE_VERSION}` },
  'no version': { ...start, version: undefined },
  'no pipe': { ...start, pipe: undefined },
  'a number for a token': { ...start, token: 1 },
  'a text for a pid': { ...start, supervisorPid: '1' },
  'no options': { ...start, options: undefined },
  'null for options': { ...start, options: null },
  'a text for options': { ...start, options: '--relay' },
};
for (const [situation, data] of Object.entries(notABootstrap)) {
  test(`a line with ${situation} is no bootstrap`, (t) => {
    t.equal(parseBootstrap(JSON.stringify(data)), undefined);
    t.end();
  });
}
