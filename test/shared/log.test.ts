import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLog, silentLog } from '@guruconnect/shared/log';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const SECRET = 'cak_S3cr3t-of-the-machine';
const KEYS = ['credential', 'token', 'enrollToken', 'authorization'] as const;

const collecting = (level = 'debug') => {
  const lines: string[] = [];
  const log = createLog('test', level, { write: (line) => void lines.push(line) });
  return { log, lines };
};

/** The secret as it would lie at each depth that something of ours has. */
const NESTS: Record<string, (holder: object) => object> = {
  'at the top': (holder) => holder,
  'one level down': (holder) => ({ config: holder }),
  'two levels down': (holder) => ({ request: { headers: holder } }),
  'in a list': (holder) => ({ list: [holder] }),
};

for (const key of KEYS) {
  for (const [where, nest] of Object.entries(NESTS)) {
    test(`a ${key} ${where} is not in the log, what lies beside it is`, (t) => {
      const { log, lines } = collecting();
      log.info(nest({ [key]: SECRET, agentId: 'front-desk' }), 'enrolled');
      t.equal(lines.length, 1);
      t.notMatch(lines.join(''), SECRET);
      t.match(lines.join(''), /front-desk.*enrolled/);
      t.end();
    });
  }
}

test('a secret is not in the log of a child or at any level', (t) => {
  const { log, lines } = collecting('trace');
  const child = log.child({ token: SECRET });
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) {
    child[level]({ credential: SECRET }, level);
  }
  t.equal(lines.length, 6);
  t.notMatch(lines.join(''), SECRET);
  t.end();
});

test('what is logged is left as it is', (t) => {
  const { log } = collecting();
  const facts = { credential: SECRET, config: { token: SECRET } };
  log.info(facts, 'x');
  t.same(facts, { credential: SECRET, config: { token: SECRET } });
  t.end();
});

test('a line is one JSON object with a time that sorts', (t) => {
  const { log, lines } = collecting();
  log.warn({ why: 'two\nlines' }, 'closed');
  t.match(lines, [/^[^\n]*\n$/]);
  const line = JSON.parse(lines.join('')) as Record<string, unknown>;
  t.match(line, { name: 'test', msg: 'closed', why: 'two\nlines', time: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ });
  t.end();
});

test('lines below the level are not written', (t) => {
  const { log, lines } = collecting('warn');
  log.info('quiet');
  log.warn('loud');
  t.match(lines, [/loud/]);
  t.end();
});

test('a log file is made with its folder, is written at once and is appended to', (t) => {
  const path = join(tempDir(t), 'logs', 'deep', 'worker.log');
  createLog('worker', 'info', path).info('first');
  t.match(readFileSync(path, 'utf8'), /first/);
  createLog('worker', 'info', path).info('second');
  t.match(readFileSync(path, 'utf8'), /first[^]*second/);
  t.end();
});

test('a log file that cannot be opened is nobody’s failure', (t) => {
  const path = join(tempDir(t), 'worker.log');
  mkdirSync(path);
  t.doesNotThrow(() => {
    createLog('worker', 'info', path).info('nowhere');
  });
  t.end();
});

test('a silent log takes everything and says nothing', (t) => {
  const log = silentLog();
  t.doesNotThrow(() => {
    log.error({ err: new Error('x') }, 'lost');
  });
  t.notOk(log.isLevelEnabled('fatal'));
  t.end();
});
