import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { ROOT, startProgram } from '../helpers/program.ts';

const START = join(ROOT, 'scripts', 'start.mjs');
const hasScript = spawnSync('script', ['--version'], { stdio: 'ignore' }).status === 0;
const NO_TERMINAL = hasScript ? false : 'script(1) is missing: apt-get install bsdutils';
const CTRL_C = '\u0003';

test('npm start comes online, stops by itself and succeeds', async (t) => {
  const { code, stdout } = await startProgram(START, ['--exit-after', '0.5']).ended;
  t.equal(code, 0);
  t.match(stdout, /^service: running$/m);
  t.match(stdout, /^link: online at ws:\/\/127\.0\.0\.1:\d+$/m);
  t.match(stdout, /^service: stopped\nThe relay saw the session close: 1001 service stop\n$/m);
  const [, logs = ''] = /^logs: (.*)$/m.exec(stdout) ?? [];
  t.ok(existsSync(join(logs, 'supervisor.log')), 'the logs are where it says');
  t.notOk(
    existsSync(join(logs, '..', 'credential.json')),
    'the credential of a relay that is gone is not kept',
  );
});

test('npm start with an unknown option says so in one line', async (t) => {
  const { code, stderr } = await startProgram(START, ['--bogus']).ended;
  t.equal(code, 2);
  t.match(stderr, /^guruconnect: unknown option '--bogus': [^\n]*\n$/);
});

test(
  'npm start in a terminal: a live status, and Ctrl-C ends it with 0',
  { skip: NO_TERMINAL },
  async (t) => {
    const terminal = spawn(
      'script',
      ['-qec', 'stty rows 30 cols 100; env -u NODE_OPTIONS npm start', '/dev/null'],
      {
        cwd: ROOT,
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, TERM: 'xterm' },
      },
    );
    let screen = '';
    let pressed = false;
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text;
      if (pressed || !/round trip.*\d ms/.test(screen)) return;
      pressed = true;
      terminal.stdin.write(CTRL_C);
    });
    const limit = setTimeout(() => terminal.kill('SIGKILL'), 60_000);
    const code = await new Promise((resolve) => terminal.once('close', resolve));
    clearTimeout(limit);
    t.equal(code, 0, 'exit code of npm itself');
    t.match(screen, /Ctrl-C stops it/);
    t.match(screen, /worker {6}.*pid \d+/);
    t.match(screen, /The relay saw the session close: 1001 service stop/);
  },
);
