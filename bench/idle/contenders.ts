/** Who is idle beside whom, and how each is started. */
import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { compileHere } from '../ground/compile.ts';
import type { Product } from '../ground/product.ts';
import { pm2Runtime, runsv } from '../ground/peers.ts';
import { type Launch, launch, type Program } from '../ground/program.ts';
import type { RelayProcess } from '../ground/relay.ts';
import { BENCH } from '../places.ts';

export type ContenderKey =
  'service' | 'console' | 'bareNode' | 'wokenNode' | 'bareAgent' | 'pm2' | 'pm2Bare' | 'runit' | 'seed';

export interface Contender {
  readonly name: string;
  /** It is online at the relay in the end. */
  readonly connects: boolean;
  /** `undefined`: it cannot be had here. */
  launch(home: Home): Launch | undefined;
}

/** What one instance of one contender has to itself. */
export interface Home {
  readonly folder: string;
  /** A copy, so that its pages are shared within the contender and with nobody else. */
  readonly node: string;
  readonly product: Product;
  readonly relay: string;
  readonly credential: string;
}

const script = (name: string): string => join(BENCH, 'dist', 'idle', `${name}.js`);
const agentOptions = ({ relay, folder }: Home): readonly string[] => [
  ...['--relay', relay, '--enroll-token', 'bench', '--data', join(folder, 'data')],
];
const onNode = (home: Home, ...args: readonly string[]): Launch => ({ file: home.node, args });
/** pm2's programs find their Node by name. */
const environment = ({ node, folder }: Home): NodeJS.ProcessEnv => ({
  PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`,
  PM2_HOME: join(folder, 'pm2'),
  PM2_DISCRETE_MODE: 'true',
});

const underPm2 = (home: Home, program: string, args: readonly string[]): Launch | undefined => {
  const pm2 = pm2Runtime();
  if (pm2 === undefined) return undefined;
  return { ...onNode(home, pm2, 'start', program, '--name', 'agent', '--', ...args), env: environment(home) };
};

const underRunit = (home: Home): Launch | undefined => {
  const file = runsv();
  if (file === undefined) return undefined;
  const service = join(home.folder, 'service');
  mkdirSync(service);
  const words = [home.node, home.product.command, 'worker', ...agentOptions(home)].map((word) => `'${word}'`);
  writeFileSync(join(service, 'run'), `#!/bin/sh\nexec ${words.join(' ')} >/dev/null 2>&1\n`, {
    mode: 0o755,
  });
  return { file, args: [service] };
};

const seedPolicy = (): Launch | undefined => {
  const file = compileHere(join('idle', 'seed_policy.c'));
  return file === undefined ? undefined : { file, args: [] };
};

export const CONTENDERS: Readonly<Record<ContenderKey, Contender>> = {
  service: {
    name: 'guruconnect, as a service',
    connects: true,
    launch: (home) => onNode(home, home.product.service, ...agentOptions(home)),
  },
  console: {
    name: 'guruconnect, in a console',
    connects: true,
    launch: (home) => onNode(home, home.product.command, 'console', ...agentOptions(home)),
  },
  bareNode: {
    name: 'bare node, net and child_process',
    connects: false,
    launch: (home) => onNode(home, script('bare-node')),
  },
  wokenNode: {
    name: 'bare node, woken six times a minute',
    connects: false,
    launch: (home) => onNode(home, script('woken-node')),
  },
  bareAgent: {
    name: 'bare ws agent',
    connects: true,
    launch: (home) => onNode(home, script('bare-agent'), home.relay, home.credential),
  },
  pm2: {
    name: 'pm2-runtime, same agent',
    connects: true,
    launch: (home) => underPm2(home, home.product.command, ['worker', ...agentOptions(home)]),
  },
  pm2Bare: {
    name: 'pm2-runtime, bare ws agent',
    connects: true,
    launch: (home) => underPm2(home, script('bare-agent'), [home.relay, home.credential]),
  },
  runit: { name: 'runit, same agent', connects: true, launch: underRunit },
  seed: { name: 'seed policy in C, 100 ms', connects: false, launch: seedPolicy },
};

export interface Instance {
  readonly key: ContenderKey;
  readonly folder: string;
  readonly program: Program;
}

/** @returns `undefined` for what cannot be had here. */
export const startInstance = async (
  key: ContenderKey,
  node: string,
  product: Product,
  relay: Pick<RelayProcess, 'url' | 'enrol'>,
): Promise<Instance | undefined> => {
  const folder = mkdtempSync(join(tmpdir(), 'gc-bench-'));
  mkdirSync(join(folder, 'bin'));
  const home = { folder, node: join(folder, 'bin', 'node'), product, relay: relay.url };
  const [credential = ''] = await relay.enrol(1);
  // The C program needs none, and 120 MB are 120 MB.
  if (key === 'seed') symlinkSync(node, home.node);
  else copyFileSync(node, home.node);
  const given = CONTENDERS[key].launch({ ...home, credential });
  return given && { key, folder, program: await launch(given) };
};
