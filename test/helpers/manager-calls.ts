/** Calls to the controlling side of the addon, made by a Windows program: the fixture `manager`. */
import { type WindowsLab, nodeExe, quoteImagePath, toWindowsPath, windowsFixture } from './windows.ts';

/** Of `service` (the ServiceManager), `addon`, `process` (the one that is open) or `here` (the fixture itself). */
export type Step = readonly [target: string, method: string, ...args: unknown[]];

export interface Outcome {
  readonly value?: unknown;
  /** Milliseconds since the Unix epoch. */
  readonly at?: number;
  readonly error?: { readonly code?: number; readonly operation?: string; readonly message?: string };
}

/** Runs the steps in one process, one after the other; those of a list within the list at the same time. */
export type Calls = (...steps: readonly Step[]) => Promise<readonly Outcome[]>;

/** Their outcomes, whatever their shape; see {@link Calls} and {@link together}. */
const run = async (lab: WindowsLab, service: string, steps: readonly unknown[]): Promise<unknown> => {
  const script = toWindowsPath(windowsFixture('manager'));
  const encoded = encodeURIComponent(JSON.stringify(steps));
  const { code, stdout, stderr } = await lab.run(lab.nodeExe, [script, service, encoded]);
  if (code !== 0) throw new Error(`manager ${JSON.stringify(steps)} ended with ${String(code)}: ${stderr}`);
  return JSON.parse(stdout);
};

export const managerCalls =
  (lab: WindowsLab, service = '-'): Calls =>
  async (...steps) =>
    (await run(lab, service, steps)) as readonly Outcome[];

/** The steps of one process at the same time. */
export const together = async (lab: WindowsLab, steps: readonly Step[]): Promise<readonly Outcome[]> =>
  ((await run(lab, '-', [steps])) as readonly [readonly Outcome[]])[0];

/** A command line of node.exe. */
export const nodeImagePath = (...args: readonly string[]): string =>
  quoteImagePath([toWindowsPath(nodeExe), ...args]);

/** The product's supervisor with a worker that needs no relay. */
export const obedientImagePath = (data: string): string =>
  nodeImagePath(
    ...[windowsFixture('service'), windowsFixture('worker-obedient')].map(toWindowsPath),
    ...['-', '--data', toWindowsPath(data)],
  );

/** For `create`. The name that is shown must be one of a kind as well (1078). */
export const configOf = (name: string, imagePath: string) => ({
  serviceType: 0x10,
  startType: 'demand',
  errorControl: 1,
  imagePath,
  displayName: `${name} für Prüfungen`,
  account: '',
});
