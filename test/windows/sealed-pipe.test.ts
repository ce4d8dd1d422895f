/** The pipe between supervisor and worker on Windows: who may open it, and who gets in. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TIMING } from '@guruconnect/shared/timing';
import { type Test, test } from 'tap';
import { CONTROL, STOPPED_OK, installAgent } from '../helpers/agent-service.ts';
import { CALLERS, DEFAULT_PIPE, accessOf, accessTable } from '../helpers/sddl-access.ts';
import { readLog, transitionTo, transitions } from '../helpers/service-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { onWindows, openLab, toWindowsPath, windowsUnavailable, windowsFixture } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
const LIMIT_MS = 20_000;
/** Connections of a stranger's at the same time. */
const FLOOD = 16;

interface Answer {
  readonly error: number;
  readonly ms: number;
}
type Calls = Readonly<Record<string, Answer>> & {
  readonly openedElsewhere: boolean;
  readonly failures: unknown;
};

interface Descriptor {
  readonly error: number;
  readonly sddl: string;
}
interface Seen {
  readonly connected: number;
  readonly closed: number;
  readonly heard: string;
}
interface Served {
  readonly error: number;
  readonly strangers: number;
  readonly ms: number;
  readonly heard: string;
  readonly end: unknown;
  readonly stderr: string;
}

const fileComes = async (path: string): Promise<void> => {
  const end = performance.now() + LIMIT_MS;
  while (!existsSync(path) && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 10));
  if (!existsSync(path)) throw new Error(`${path} does not come`);
};

void test('the sealed pipe', { skip, timeout: 180_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  const start = async <T>(t: Test, name: string, ...args: readonly string[]): Promise<T> => {
    const { code, stdout, stderr } = await lab.run(lab.nodeExe, [
      toWindowsPath(windowsFixture(name)),
      ...args,
    ]);
    t.equal(code, 0, stderr);
    return (stdout === '' ? undefined : JSON.parse(stdout)) as T;
  };
  /** A folder through which the programs of a test speak to each other; at its end everybody has had enough. */
  const meeting = (t: Test) => {
    const folder = tempDir(t);
    const says = (name: string): void => {
      writeFileSync(join(folder, name), '');
    };
    return {
      folder,
      path: toWindowsPath(folder),
      says,
      hears: (name: string) => fileComes(join(folder, name)),
    };
  };

  await suite.test(
    'libuv’s pipe is open to everybody’s reading, ours to LocalSystem and the worker',
    async (t) => {
      const { folder, path, says, hears } = meeting(t);
      const serving = start(t, 'pipe-servers', path);
      await hears('pipes.json');
      const pipes = JSON.parse(readFileSync(join(folder, 'pipes.json'), 'utf8')) as Record<string, string>;
      const descriptorOf = (name: string) =>
        lab.svcctl('pipe-security', pipes[name] ?? '') as Promise<Descriptor>;
      const [before, after] = [await descriptorOf('libuv'), await descriptorOf('sealed')];
      says('enough');
      await serving;
      t.match([before, after], [{ error: 0 }, { error: 0 }]);
      t.comment(`libuv: ${JSON.stringify(before.sddl)}, ours: ${after.sddl}`);
      const libuvs = onWindows ? before.sddl : DEFAULT_PIPE;
      if (!onWindows) {
        t.comment(
          'not checked: the descriptor of libuv’s pipe, which Wine leaves empty: Windows’ documented default is taken',
        );
        t.comment(
          'not checked: that a caller whom the descriptor does not let in is refused (5), which Wine does not do',
        );
      }
      for (const who of ['a standard user', 'Everyone', 'anonymous', 'LocalService'] as const) {
        t.same(accessTable(libuvs)[who], ['read'], `before: ${who} may read`);
        t.same(accessTable(after.sddl)[who], [], `after: ${who} may not`);
      }
      t.same(accessTable(after.sddl)['administrators'], [], 'nor may administrators');
      t.same(accessOf(after.sddl, CALLERS.LocalSystem), ['read', 'write'], 'LocalSystem may, as a client');
      t.same(accessOf(after.sddl, [pipes['user'] ?? '']), ['read', 'write'], 'and so may the worker’s user');
    },
  );

  await suite.test('its calls answer what the product takes them for', async (t) => {
    const calls = await start<Calls>(t, 'sealed-calls');
    t.match(calls['made'], { error: 0 });
    t.ok([5, 231].includes(calls['madeTwice']?.error ?? 0), 'a name that is taken');
    t.ok(calls.openedElsewhere, 'which the door gives up for another one');
    t.same(calls.failures, []);
    t.match(calls['badDescriptor'], { error: 87 });
    t.match(calls['nobody'], { error: 2 }, 'a name that nobody has');
    t.match(calls['closed'], { error: 995 }, 'closing ends the waiting');
    t.ok((calls['closed']?.ms ?? LIMIT_MS) < 2_000, 'at once');
    t.match(calls['closedAgain'], { error: 6 });
    t.match(calls['strange'], { error: 5 }, 'a server that is not the supervisor is refused');
    t.match(calls['busy'], { error: 258 }, 'a pipe that is busy all the time');
    const busy = calls['busy']?.ms ?? 0;
    t.ok(busy >= 450 && busy < 3_000, `given up in time: ${Math.round(busy)} ms of 500`);
    t.match(
      [calls['client'], calls['late']],
      [{ error: 0 }, { error: 0 }],
      'who comes before it is waited for gets in',
    );
  });

  for (const way of ['silent', 'token', 'half', 'flood']) {
    await suite.test(`a stranger (${way}) is turned away by its PID, and the worker gets in`, async (t) => {
      const { path, says, hears } = meeting(t);
      const serving = start<Served>(t, 'sealed-server', path);
      await hears('pipe');
      const stranger = start<Seen>(t, 'sealed-stranger', path, way);
      await hears('besieged');
      says('go');
      const served = await serving;
      says('enough');
      const seen = await stranger;
      t.match(served, { error: 0, heard: 'hello', end: { kind: 'exited', code: 42 }, stderr: '' });
      t.ok(
        served.strangers >= 1,
        `${served.strangers} strangers; the worker was in after ${Math.round(served.ms)} ms`,
      );
      t.match(seen, { heard: '' }, 'nothing was said to it');
      t.ok(seen.closed >= 1, 'and it was hung up on');
      t.comment(`${way}: ${JSON.stringify(seen)}`);
      t.ok(served.ms < TIMING.bootstrap);
    });
  }

  await suite.test('a service whose pipe is flooded is Running within its budget', async (t) => {
    const service = await installAgent(t, lab, { worker: 'worker-late' });
    const stranger = start<Seen>(t, 'sealed-stranger', toWindowsPath(service.data), 'flood');
    await service.start();
    t.match(await service.waitFor('running'), { error: 0, state: 'running' });
    await service.control(CONTROL.stop);
    t.match(await service.waitFor('stopped'), STOPPED_OK);
    writeFileSync(join(service.data, 'enough'), '');
    const seen = await stranger;
    const log = readLog(service.data);
    t.match(transitions(log)[0], 'starting -worker-ready-> running');
    const spawnedAt = log.find(({ msg }) => msg === 'worker spawned')?.at ?? 0;
    const took = (transitionTo(log, 'running')?.at ?? Infinity) - spawnedAt;
    t.comment(`Running ${took} ms after the start of the worker; the stranger: ${JSON.stringify(seen)}`);
    t.ok(took < TIMING.workerHello);
    t.ok(seen.closed > FLOOD && seen.heard === '');
  });
});
