/** A reader who goes before everything is written, `head` say: the real launcher. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { letReaderGo } from '@guruconnect/supervisor/cli/reader';
import tap, { test } from 'tap';
import { GURUCONNECT } from '../helpers/program.ts';

tap.jobs = 2;
const bounded = { timeout: 15_000 };
/** tap's own hooks are not a user's. */
const env = { ...process.env, NODE_OPTIONS: '' };

type Stream = 'stdout' | 'stderr';

interface Reading {
  /** Closed at once, long before the program has started. */
  readonly gone?: Stream;
  /** A file descriptor instead of a pipe. */
  readonly stdout?: number;
}

const launch = async (args: readonly string[], { gone, stdout }: Reading) => {
  const child = spawn(process.execPath, [GURUCONNECT, ...args], {
    stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
    env,
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    if (gone === name) child[name]?.destroy();
    else child[name]?.setEncoding('utf8').on('data', (text: string) => (said[name] += text));
  }
  await once(child, 'close');
  return { ...said, code: child.exitCode };
};

for (const args of [['--help'], ['completion', 'bash'], ['config', 'schema'], ['version']]) {
  test(`${args.join(' ')}: nobody reads it, which is no failure`, bounded, async (t) => {
    const { stderr, code } = await launch(args, { gone: 'stdout' });
    t.equal(stderr, '');
    t.equal(code, 0);
  });
}

test('an error that nobody reads has its exit code all the same', bounded, async (t) => {
  const { stdout, code } = await launch(['frobnicate', '--verbose'], { gone: 'stderr' });
  t.equal(stdout, '');
  t.equal(code, 2);
});

test('a disk that is full is told of', bounded, async (t) => {
  if (!existsSync('/dev/full')) {
    t.comment('not checked: this system has no /dev/full');
    return;
  }
  const { stderr, code } = await launch(['--help'], { stdout: openSync('/dev/full', 'w') });
  t.match(stderr, 'ENOSPC');
  t.not(code, 0);
});

test('an error that a command itself is listening for is left to it', (t) => {
  const stream = new PassThrough();
  letReaderGo(stream);
  t.throws(() => stream.emit('error', new Error('full')), { message: 'full' });
  t.doesNotThrow(() => stream.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' })));
  stream.on('error', () => undefined);
  t.doesNotThrow(() => stream.emit('error', new Error('full')));
  t.end();
});
