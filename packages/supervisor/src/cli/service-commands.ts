/** The commands that manage the Windows service. */
import { AGENT_OPTIONS } from '@guruconnect/shared/agent-options';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import type { ManageCommand } from '../manage/commands.ts';
import { type CommandDescription, type Invocation, JSON_OUTPUT, QUIET } from './command-description.ts';

const GROUP = "The Windows service, in an administrator's terminal:";
const YES_NO = ['yes', 'no'];

const manage = (name: ManageCommand) => async (invocation: Invocation) =>
  (await import('../manage/commands.ts')).runManage(name, invocation);

/** A file that is named by the service's command line is none that `install` could write. */
const INSTALLED = AGENT_OPTIONS.map(({ name }) => name).filter((name) => name !== 'config');
const SHOWN = ['data', 'config'] as const;

export const SERVICE_COMMANDS: readonly CommandDescription[] = [
  {
    name: 'install',
    group: GROUP,
    summary: 'install the service and start it, or update it in place',
    more:
      "Everything that can be wrong is looked at before anything is changed. The options are written into the service's " +
      'configuration file; what is not given stays as it was.',
    options: [
      {
        name: 'delayed-start',
        value: 'yes|no',
        summary: 'start some minutes after boot (default: no); kept by an update that does not give it',
        choices: YES_NO,
      },
      {
        name: 'reduced-privileges',
        value: 'yes|no',
        summary: 'run with the one privilege that is needed (default: no); kept likewise',
        choices: YES_NO,
      },
      { name: 'no-start', summary: 'configure only; what runs goes on as it is until it is restarted' },
      {
        name: 'allow-insecure-path',
        summary: 'even where others than administrators can change the program',
      },
      { name: 'take-over-data', summary: 'believe a data folder that others could write to until now' },
      QUIET,
      JSON_OUTPUT,
    ],
    agent: INSTALLED,
    examples: [
      {
        line: 'guruconnect install --relay wss://relay.example',
        what: 'a first installation; GURUCONNECT_ENROLL_TOKEN holds the token',
      },
      { line: 'guruconnect install --log-level debug', what: 'an update that changes one setting' },
    ],
    run: manage('install'),
  },
  {
    name: 'uninstall',
    group: GROUP,
    summary: 'stop and remove the service; its files stay',
    options: [
      { name: 'purge', summary: 'remove credential, configuration and logs as well' },
      QUIET,
      JSON_OUTPUT,
    ],
    agent: ['data'],
    examples: [{ line: 'guruconnect uninstall --purge', what: 'leave nothing behind' }],
    run: manage('uninstall'),
  },
  {
    name: 'start',
    group: GROUP,
    summary: 'start the service, and wait until it runs',
    options: [
      { name: 'when-abandoned', summary: 'only if stdin ends without a word', hidden: true },
      QUIET,
      JSON_OUTPUT,
    ],
    examples: [{ line: 'guruconnect start', what: 'a success also where it runs already' }],
    run: manage('start'),
  },
  {
    name: 'stop',
    group: GROUP,
    summary: 'stop the service, and wait until its process is gone',
    options: [QUIET, JSON_OUTPUT],
    examples: [{ line: 'guruconnect stop --json', what: 'says whether it had to be forced' }],
    run: manage('stop'),
  },
  {
    name: 'restart',
    group: GROUP,
    summary: 'stop, then start; it is not left stopped, whatever happens in between',
    options: [QUIET, JSON_OUTPUT],
    examples: [{ line: 'guruconnect restart --quiet', what: 'one line, when it is done' }],
    run: manage('restart'),
  },
  {
    name: 'status',
    group: GROUP,
    summary: "the service, its recovery, the worker and the link; or those of a console's supervisor",
    more: `Shows less without an administrator's rights. Elsewhere than on Windows there is no ${SERVICE_NAME}, and a console's supervisor is asked.`,
    options: [JSON_OUTPUT],
    agent: SHOWN,
    tolerated: AGENT_OPTIONS.map(({ name }) => name).filter((name) => !SHOWN.some((shown) => shown === name)),
    examples: [
      { line: 'guruconnect status', what: 'one screen; the exit code tells the state' },
      { line: 'guruconnect status --json', what: 'for monitoring' },
    ],
    run: async (invocation) => (await import('../manage/status-command.ts')).runStatus(invocation),
  },
];
