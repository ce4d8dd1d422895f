// The supervisor's end: the product's door and bridge.
import { randomBytes } from 'node:crypto';
import { PIPE_VERSION, encodeBootstrap } from '@guruconnect/shared/pipe-protocol';
import { openBridge } from '@guruconnect/supervisor/bridge';
import { openDoor } from '@guruconnect/supervisor/door';
import { ready, startAsker } from './host.ts';

const fail = (why: string) => (): never => {
  throw new Error(why);
};
const door = await openDoor(fail('no door'));
const child = startAsker('product-asker');
const token = randomBytes(16).toString('hex');
const bridge = openBridge(door, child.pid ?? 0, token, {
  ready,
  beat: () => undefined,
  fault: fail('a fault'),
  stranger: fail('a stranger'),
  lost: () => process.exit(),
  asked: (request) => {
    if (request.kind === 'credential') bridge.answer({ kind: 'stored', id: request.id });
  },
});
child.stdin?.end(
  encodeBootstrap({
    ...{ version: PIPE_VERSION, pipe: door.path, token, supervisorPid: process.pid },
    ...{ options: {}, afterBoot: false },
  }),
);
