/** All that `guruconnect status` knows, gathered; `status-report.ts` makes sense of it. */
import { accessSync, constants } from 'node:fs';
import type { AgentOptions } from '@guruconnect/shared/config';
import { credentialPath, dataDir } from '@guruconnect/shared/data-folder';
import { messageOf } from '@guruconnect/shared/usage-error';
import { type Answer, askStatus } from '../status-client.ts';
import { type LastWordsFact, lastWordsFact } from './last-words-fact.ts';
import { type Presence, presenceOf } from './presence.ts';
import { dataOfImagePath } from './service-definition.ts';
import type { FailureActions, ServiceConfig, ServiceManager, ServiceStatus } from './service-manager.ts';
import { trueStatus } from './true-status.ts';
import { WIN32, isWin32 } from './win32-error.ts';

/** A setting as it reads back: its value, or why there is none. */
export type ReadBack<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'unknown-level' }
  | { readonly kind: 'failed'; readonly why: string };

export interface InstalledService {
  readonly kind: 'installed';
  readonly status: ServiceStatus;
  readonly config: ServiceConfig;
  readonly failureActions: ReadBack<FailureActions>;
  readonly failureFlag: ReadBack<boolean>;
  readonly delayedStart: ReadBack<boolean>;
  /** Milliseconds since the Unix epoch; `undefined` where it has no process, or that cannot be opened. */
  readonly startedAt: number | undefined;
}

export type ServiceFacts =
  | InstalledService
  | Exclude<Presence, { kind: 'installed' }>
  /** This is no Windows. */
  | { readonly kind: 'no-scm' };

export type CredentialFact = 'present' | 'absent' | 'unreadable';

export interface StatusFacts {
  readonly service: ServiceFacts;
  readonly live: Answer;
  readonly data: string;
  /** The data folder is the installed service's. */
  readonly ofService: boolean;
  /** The relay as it is configured, or what is wrong with the configuration. */
  readonly relay: { readonly url: string } | { readonly trouble: string };
  readonly credential: CredentialFact;
  readonly lastWords?: LastWordsFact | undefined;
}

const readBack = async <T>(reading: Promise<T>): Promise<ReadBack<T>> => {
  try {
    return { kind: 'value', value: await reading };
  } catch (error) {
    return isWin32(error, WIN32.invalidLevel)
      ? { kind: 'unknown-level' }
      : { kind: 'failed', why: messageOf(error) };
  }
};

const startOf = async (manager: ServiceManager): Promise<number | undefined> => {
  const process = await manager.process().catch(() => undefined);
  process?.close();
  return process?.startedAt;
};

/** Never rejects. */
export const serviceFacts = async (manager: ServiceManager): Promise<ServiceFacts> => {
  const presence = await presenceOf(manager);
  if (presence.kind !== 'installed') return presence;
  const status = await readBack(trueStatus(manager));
  if (status.kind !== 'value') {
    return { kind: 'unknown', why: status.kind === 'failed' ? status.why : 'its status cannot be asked for' };
  }
  return {
    kind: 'installed',
    config: presence.config,
    status: status.value,
    failureActions: await readBack(manager.failureActions()),
    failureFlag: await readBack(manager.failureFlag()),
    delayedStart: await readBack(manager.delayedStart()),
    startedAt: status.value.pid === 0 ? undefined : await startOf(manager),
  };
};

const credentialFact = (data: string): CredentialFact => {
  try {
    accessSync(credentialPath(data), constants.R_OK);
    return 'present';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'unreadable';
  }
};

const configuredRelay = async (options: AgentOptions): Promise<StatusFacts['relay']> => {
  try {
    const { loadConfig } = await import('@guruconnect/shared/config-file');
    return { url: loadConfig(options).relay };
  } catch (error) {
    return { trouble: messageOf(error) };
  }
};

/** Never rejects. @param options `data` is the folder of the installed service, or of the supervisor in a console. */
export const gatherStatus = async (
  manager: ServiceManager | undefined,
  options: AgentOptions & { readonly data: string },
): Promise<StatusFacts> => {
  const [service, live, relay] = await Promise.all([
    manager === undefined ? ({ kind: 'no-scm' } as const) : serviceFacts(manager),
    askStatus(options.data).catch((error: unknown): Answer => ({ kind: 'failed', why: messageOf(error) })),
    configuredRelay(options),
  ]);
  const own = service.kind === 'installed' ? dataOfImagePath(service.config.imagePath) : undefined;
  return {
    service,
    live,
    relay,
    data: options.data,
    ofService: service.kind === 'installed' && dataDir({ data: own }) === options.data,
    credential: credentialFact(options.data),
    lastWords: lastWordsFact(options.data),
  };
};
