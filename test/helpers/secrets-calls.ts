/** Calls to what the secret store needs of the addon, made by a Windows program: the fixture `secrets`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { tempDir } from './temp-dir.ts';
import { type WindowsLab, toWindowsPath, windowsFixture } from './windows.ts';

export type Step = readonly [method: string, ...args: unknown[]];

/** What came of a call: one of the three. */
export interface Outcome {
  readonly value?: unknown;
  readonly thrown?: string;
  readonly rejected?: string;
}

/** Bytes as an argument of a step. */
export const encoded = (bytes: Uint8Array) => ({ base64: Buffer.from(bytes).toString('base64') });

/** What is no Uint8Array, as arguments of steps: the fixture knows the names. */
export const NO_BYTES = ['words', 'numbers', 'clamped', 'signed', 'view', 'buffer'].map((kind) => ({ kind }));

/** Of a call that gives bytes. */
export const bytesOf = (outcome: Outcome | undefined): { readonly error: number; readonly data: Buffer } => {
  const { error, data } = outcome?.value as { error: number; data: { base64: string } };
  return { error, data: Buffer.from(data.base64, 'base64') };
};

/** Runs the steps one after the other, in a process of their own each time. */
export const secretsCalls =
  (lab: WindowsLab) =>
  async (t: Pick<Test, 'teardown'>, ...steps: readonly Step[]): Promise<readonly Outcome[]> => {
    const file = join(tempDir(t), 'steps.json');
    writeFileSync(file, JSON.stringify(steps));
    const { code, stdout, stderr } = await lab.run(
      lab.nodeExe,
      [windowsFixture('secrets'), file].map(toWindowsPath),
    );
    if (code !== 0) throw new Error(`secrets ended with ${String(code)}: ${stderr}`);
    return JSON.parse(stdout) as readonly Outcome[];
  };
