// Authenticode by whatever program signs: osslsigncode, signtool, a cloud's. Certificates and passwords stay with that.
import { spawnSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';

/** The variable's value: a JSON array, the program and its arguments; `{in}` and `{out}` become the files. No shell reads it. */
const VARIABLE = 'GURUCONNECT_SIGN_COMMAND';

function command(file, signed) {
  const text = process.env[VARIABLE];
  const parts = JSON.parse(text);
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string'))
    throw new Error(`${VARIABLE}: not a JSON array of strings`);
  return parts.map((part) => part.replaceAll('{in}', file).replaceAll('{out}', signed));
}

/**
 * In place. Nothing is done where no program is named.
 * @param {string} file an executable or an installer
 * @returns {boolean} whether it is signed
 * @throws Error with what the program said
 */
export function sign(file) {
  if (!process.env[VARIABLE]) return false;
  const signed = `${file}.signed`;
  rmSync(signed, { force: true });
  const [program, ...args] = command(file, signed);
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`signing failed: ${program}: ${error?.message ?? `${stdout}${stderr}`}`);
  // A program that signs in place has no use for {out}.
  if (args.some((arg) => arg.includes(signed))) renameSync(signed, file);
  return true;
}
