/** What install would have set, set again where it has drifted; nothing else is touched, and nothing is started or stopped. */
import { messageOf } from '@guruconnect/shared/usage-error';
import type { ServiceManager } from '../manage/service-manager.ts';
import { ensureSettings } from '../manage/settings.ts';
import type { SettingOutcome } from '../manage/recovery.ts';
import type { DoctorFacts } from './facts.ts';
import { readImagePath, requoted } from '../manage/image-path.ts';
import { INSTALL, definitionDrift } from './registration.ts';

export interface FixPorts {
  readonly manager: ServiceManager;
  /** Closes the data folder, and the secrets in it, as install and the service's start do. @throws UsageError, Win32Error */
  readonly closeFolder: () => Promise<void>;
  /** The Event Log's source. Never rejects. */
  readonly registerEventLog: () => Promise<SettingOutcome>;
}

export interface FixChoices {
  readonly facts: DoctorFacts;
  /** An administrator answers for what others can change. */
  readonly allowInsecurePath: boolean;
}

const settingLines = (outcomes: readonly SettingOutcome[]): readonly string[] =>
  outcomes.flatMap((outcome) => {
    if (outcome.kind === 'failed') return [`error: the ${outcome.setting} could not be set: ${outcome.why}`];
    return outcome.kind === 'so' && outcome.changed ? [`changed: ${outcome.setting}`] : [];
  });

const FIELD_NAMES: Readonly<Record<string, string>> = {
  startType: 'start type',
  account: 'account',
  serviceType: 'service type',
  imagePath: 'image path',
};

const namesOf = (changes: object): readonly string[] =>
  Object.keys(changes).map((name) => FIELD_NAMES[name] ?? name);

/** Why nothing may be made LocalSystem's program: what others can change, or may be able to. */
const doubt = ({ facts: { weakness }, allowInsecurePath }: FixChoices): string | undefined => {
  if (allowInsecurePath) return undefined;
  if (weakness.kind !== 'known') return `who can change the program is not known (${weakness.why})`;
  return weakness.value && `${weakness.value.who} can change ${weakness.value.path}`;
};

type Service = Extract<DoctorFacts['status']['service'], { kind: 'installed' }>;

/** The program that is registered stays, with its arguments: it is put into quotes where it is known. */
const fixDefinition = async (
  { manager }: FixPorts,
  service: Service,
  choices: FixChoices,
): Promise<readonly string[]> => {
  const { account, ...harmless } = definitionDrift(service);
  const line = service.config.imagePath;
  const quoted = requoted(line);
  const grave = {
    ...(account !== undefined && { account }),
    ...(quoted !== undefined && { imagePath: quoted }),
  };
  const why = doubt(choices);
  const changes = { ...harmless, ...(why === undefined && grave) };
  if (Object.keys(changes).length > 0) await manager.change(changes);
  return [
    ...namesOf(changes).map((name) => `changed: ${name}`),
    ...(why === undefined ? [] : namesOf(grave)).map(
      (name) =>
        `error: the ${name} was left as it is: ${why}; ${INSTALL} looks into it, or --allow-insecure-path`,
    ),
    ...(readImagePath(line).kind === 'untold'
      ? [
          `error: the image path was left as it is: it does not tell which program is meant; ${INSTALL} sets it`,
        ]
      : []),
  ];
};

const isOpen = ({ folder, store }: DoctorFacts): boolean =>
  (folder.kind === 'known' && folder.value.kind === 'readable') ||
  (store.kind === 'known' && store.value.open !== undefined);

/** What lies in a folder that others could write to is not believed, and closing it would say that it is. */
const isBelieved = ({ folder }: DoctorFacts): boolean =>
  folder.kind === 'known' && folder.value.kind !== 'unsafe';

const closeLines = async ({ closeFolder }: FixPorts, facts: DoctorFacts): Promise<readonly string[]> => {
  if (!isOpen(facts) || !isBelieved(facts)) return [];
  const { data } = facts.status;
  try {
    await closeFolder();
    return [`changed: access to ${data}`];
  } catch (error) {
    return [`error: access to ${data} could not be set: ${messageOf(error)}`];
  }
};

/** @returns a line for each thing that was changed, or could not be. @throws Win32Error: 5 without an administrator's rights */
export const fix = async (ports: FixPorts, choices: FixChoices): Promise<readonly string[]> => {
  await ports.manager.authorize();
  const { facts } = choices;
  const { service } = facts.status;
  if (service.kind !== 'installed') return [];
  return [
    ...(await fixDefinition(ports, service, choices)),
    ...settingLines(await ensureSettings(ports.manager, {})),
    ...(await closeLines(ports, facts)),
    ...settingLines([await ports.registerEventLog()]),
  ];
};
