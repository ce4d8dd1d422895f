// One run of tap over compiled suites: what it counted, and what a person wants to know of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

const CI = process.env.CI === 'true';
const TAP = join(ROOT, 'node_modules', 'tap', 'dist', 'esm', 'run.mjs');
/** Of what stands below a failed assertion. */
const DETAIL_LINES = 12;
const STUCK_LINES = 80;

/** Where the laboratory of Windows writes what it saw of a service that did not get where it should. */
const stuckFile = (output) => `${output}.stuck`;

/**
 * @param {string} output the file for all of it
 * @param {string[]} files compiled suites
 * @param {string[]} args of tap's
 * @param {boolean} isQuiet without its progress, as another run shows its own
 * @returns {Promise<{ pass: number, fail: number, failed: string[], words: string }>} assertions, the suites that failed, and what a person
 *   wants to know of them; a run that gave no count counts as one failure
 */
export async function runTap(output, files, args, env = {}, isQuiet = false) {
  if (files.length === 0) return { pass: 0, fail: 0, failed: [], words: '' };
  const reporter = process.stdout.isTTY ? 'base' : 'terse';
  // On Windows some suites are for Wine or POSIX only.
  const skips = CI && process.platform === 'linux' ? ['--fail-skip'] : [];
  rmSync(stuckFile(output), { force: true });
  const tap = spawn(
    process.execPath,
    [TAP, `--reporter=${reporter}`, `--output-file=${output}`].concat(...[skips, args, files]),
    {
      cwd: ROOT,
      stdio: ['inherit', isQuiet ? 'ignore' : 'inherit', 'inherit'],
      env: { ...process.env, ...env, GURUCONNECT_STUCK: stuckFile(output) },
    },
  );
  const [status] = await once(tap, 'exit');
  const text = readFileSync(output, 'utf8');
  const summary = /^# \{ total: (\d+)(?:, pass: (\d+))?(?:, fail: (\d+))?/m.exec(text);
  const [, , pass = 0, fail = 0] = (summary ?? []).map(Number).map((n) => n || 0);
  const failures = status === 0 ? '' : describeFailures(output, text);
  return {
    pass,
    fail: status === 0 && summary !== null ? fail : Math.max(1, fail),
    failed: files.filter((file) => new RegExp(`^not ok \\d+ - ${file}\\b`, 'm').test(text)),
    words: `${failures}${describeUnchecked(text)}`,
  };
}

/** What a platform cannot show is not skipped in silence. */
function describeUnchecked(text) {
  const lines = text.match(/^ *# not checked.*$/gm) ?? [];
  const unchecked = [...new Set(lines.map((line) => line.trim().slice(2)))];
  return unchecked.map((line) => `${line}\n`).join('');
}

/** What tap says of a failed assertion that a person asks for first: what was found, and in place of what. */
const OF_INTEREST = /^ *(?:[-+](?![-+]| -)|found:|wanted:|error:)/;

function failedLines(text) {
  const lines = [];
  let left = 0;
  for (const line of text.split('\n')) {
    const isFailed = /^ *not ok /.test(line);
    if (isFailed) left = DETAIL_LINES;
    else if (/^ *ok /.test(line)) left = 0;
    if (!isFailed && (left === 0 || !OF_INTEREST.test(line))) continue;
    lines.push(line);
    if (!isFailed) left -= 1;
  }
  return lines;
}

/** The failed ones once more, at the end, where a person looks; and what the processes did of services that were stuck. */
function describeFailures(output, text) {
  const stuck = existsSync(stuckFile(output)) ? readFileSync(stuckFile(output), 'utf8') : '';
  const processes =
    stuck === '' ? [] : ['Processes at the time:', ...stuck.split('\n').slice(0, STUCK_LINES)];
  return [`Failed (all of it in ${output}):`, ...failedLines(text), ...processes, ''].join('\n');
}
