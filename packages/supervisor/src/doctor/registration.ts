/** The service as the SCM has it: registered, image path, start type, account, state. Pure. */
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { describeExit } from '../manage/exit-words.ts';
import { serviceConfig } from '../manage/service-definition.ts';
import { isPending } from '../manage/settle.ts';
import type { InstalledService } from '../manage/status-facts.ts';
import { trustedLive } from '../manage/status-verdict.ts';
import { type Verdict, failed, judgeKnown, ok, skipped, warning } from './check.ts';
import type { DoctorFacts } from './facts.ts';
import { programPart, readImagePath } from '../manage/image-path.ts';

export const INSTALL = '"guruconnect install" as an administrator';
const START = '"guruconnect start" as an administrator';
export const FIX = '"guruconnect doctor --fix" as an administrator sets it again';

/** What does not depend on where the program is. */
const WANTED = serviceConfig({ executable: '', script: '', data: '' });

export const judgeRegistered = (facts: DoctorFacts): Verdict => {
  const { service } = facts.status;
  switch (service.kind) {
    case 'installed':
      return ok(SERVICE_NAME);
    case 'absent':
      return trustedLive(facts.status)?.mode === 'console'
        ? skipped('no service is installed; a supervisor runs in a console')
        : failed('the service is not installed', `${INSTALL} installs it`);
    case 'not-elevated':
      return skipped(
        "needs more rights (an administrator's terminal): the service is not to be seen without",
      );
    case 'unknown':
      return failed('the service cannot be looked at', `try again; ${INSTALL} repairs it`, service.why);
    case 'no-scm':
      return skipped(
        'there are no services to look at: this is no Windows, or the native addon is not built',
      );
  }
};

/** Why there is no service to look at. */
export const noService = (facts: DoctorFacts): Verdict => {
  const verdict = judgeRegistered(facts);
  return verdict.kind === 'skipped' ? verdict : skipped('no service is installed');
};

/** A verdict over an installed service. */
const ofService =
  (judge: (service: InstalledService, facts: DoctorFacts) => Verdict) =>
  (facts: DoctorFacts): Verdict => {
    const { service } = facts.status;
    return service.kind === 'installed' ? judge(service, facts) : noService(facts);
  };

/** Without quotes and with a space in it, Windows tries other programs first. */
export const judgeImagePath = ofService(({ config: { imagePath } }) => {
  const { kind } = readImagePath(imagePath);
  if (kind === 'safe') return ok('no other program can be put in its place');
  return failed(
    'the image path is not quoted: who can write C:\\Program.exe becomes LocalSystem (CWE-428)',
    kind === 'open' ? FIX : `${INSTALL} sets it: which program is meant cannot be told`,
    programPart(imagePath),
  );
});

export const judgeProgram = ofService((_service, { weakness }) =>
  judgeKnown(weakness, (found) =>
    found === undefined
      ? ok('only administrators can change what the service runs')
      : failed(
          `${found.who} can change what the service runs as LocalSystem`,
          `move the program into a folder that only administrators can write, such as below C:\\Program Files, and run ${INSTALL}`,
          found.path,
        ),
  ),
);

export const judgeStartType = ofService(({ config, delayedStart }) => {
  if (config.startType !== WANTED.startType)
    return failed(`the start type is ${config.startType}: nothing starts it at boot`, FIX);
  const isDelayed = delayedStart.kind === 'value' && delayedStart.value;
  return ok(isDelayed ? 'automatic, delayed' : 'automatic');
});

export const judgeAccount = ofService(({ config }) =>
  config.account.toLowerCase() === WANTED.account.toLowerCase()
    ? ok(config.account)
    : failed(`the service runs as ${config.account}, and not as ${WANTED.account}`, FIX),
);

export const judgeRunning = ofService((service) => {
  const { status } = service;
  if (status.state === 'running') return ok(`running, pid ${status.pid}`);
  if (isPending(status)) return warning(`the service is ${status.state}`, 'wait a moment, and look again');
  return failed(
    `the service is ${status.state}`,
    status.win32ExitCode === 0 ? START : `${START}; the log says why it ended`,
    status.state === 'stopped' ? describeExit(status) : undefined,
  );
});

/** Whether the configuration proper is as install sets it, but for where the program is. */
export const definitionDrift = ({
  config,
}: InstalledService): Partial<Pick<typeof WANTED, 'startType' | 'account' | 'serviceType'>> => ({
  ...(config.startType !== WANTED.startType && { startType: WANTED.startType }),
  ...(config.account.toLowerCase() !== WANTED.account.toLowerCase() && { account: WANTED.account }),
  ...(config.serviceType !== WANTED.serviceType && { serviceType: WANTED.serviceType }),
});
