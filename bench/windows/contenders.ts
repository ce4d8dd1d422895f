/** Who is measured as a service: each installed, and stopped. */
import { basename } from 'node:path';
import { SERVICE_RUN_ARG } from '@guruconnect/shared/identity';
import { nssm } from '../ground/peers.ts';
import type { Laboratory } from './laboratory.ts';
import { PROGRAM, onDriveZ, windowsPath } from './programs.ts';

export const CONTENDERS = ['product', 'floor', 'seed', 'nssm'] as const;
export type ContenderKey = (typeof CONTENDERS)[number];

export const NAMES: Readonly<Record<ContenderKey, string>> = {
  product: 'guruconnect.exe',
  floor: 'C host, same worker (floor)',
  seed: 'seed policy in C, 100 ms',
  nssm: 'NSSM 2.24, same agent',
};

export interface Contender {
  readonly key: ContenderKey;
  /** The service's. */
  readonly name: string;
  /** The service's command line. */
  readonly image: string;
  /** The program that starts the agent's process, where that is one of its own. */
  readonly parent?: string;
}

const quote = (...parts: readonly string[]): string => parts.map((part) => `"${part}"`).join(' ');

/** The agent's own options. */
const agentArgs = ({ watch, folder }: Laboratory, name: string): readonly string[] => [
  ...['--relay', watch.relay.url],
  ...['--enroll-token', watch.token],
  ...['--data', windowsPath(folder(name))],
];

const create = async (
  { meter }: Laboratory,
  key: ContenderKey,
  image: string,
  parent?: string,
): Promise<Contender> => {
  const name = `bench-${key}`;
  await meter.ask('create', name, image);
  return { key, name, image, ...(parent !== undefined && { parent: basename(parent) }) };
};

export const installProduct = (laboratory: Laboratory): Promise<Contender> => {
  const image = quote(windowsPath(PROGRAM.product), SERVICE_RUN_ARG, ...agentArgs(laboratory, 'product'));
  return create(laboratory, 'product', image, PROGRAM.product);
};

const installFloor = (laboratory: Laboratory): Promise<Contender> => {
  const { watch, folder } = laboratory;
  const image = quote(
    windowsPath(PROGRAM.floor),
    windowsPath(PROGRAM.product),
    watch.relay.url,
    watch.token,
    // It goes into JSON as it stands.
    onDriveZ(folder('floor')),
  );
  return create(laboratory, 'floor', image, PROGRAM.floor);
};

const installSeed = async (laboratory: Laboratory): Promise<Contender> => {
  const { credential, machineId } = await laboratory.watch.enrol();
  const { hostname, port } = new URL(laboratory.watch.relay.url);
  const image = quote(windowsPath(PROGRAM.seed), hostname, port, credential, machineId);
  return create(laboratory, 'seed', image);
};

/** As it comes, but that the end of the agent is the end of the service: else the SCM would never hear of a crash. */
const installNssm = async (laboratory: Laboratory): Promise<Contender | undefined> => {
  const name = 'bench-nssm';
  const program = nssm();
  if (program === undefined) return undefined;
  await laboratory.run(
    program,
    ...['install', name, windowsPath(PROGRAM.product), 'worker'],
    ...agentArgs(laboratory, 'nssm'),
  );
  await laboratory.run(program, 'set', name, 'AppExit', 'Default', 'Exit');
  return { key: 'nssm', name, image: windowsPath(program), parent: basename(program) };
};

const INSTALL: Readonly<Record<ContenderKey, (laboratory: Laboratory) => Promise<Contender | undefined>>> = {
  product: installProduct,
  floor: installFloor,
  seed: installSeed,
  nssm: installNssm,
};

/** @returns `undefined` where it cannot be had here. */
export const install = (laboratory: Laboratory, key: ContenderKey): Promise<Contender | undefined> =>
  INSTALL[key](laboratory);
