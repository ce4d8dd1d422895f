/** The commands around the configuration, for development, and about the program itself. */
import { loadScm } from '@guruconnect/native';
import { AGENT_OPTIONS } from '@guruconnect/shared/agent-options';
import { SERVICE_RUN_ARG } from '@guruconnect/shared/identity';
import { LOG_LEVELS } from '@guruconnect/shared/log-levels';
import { LOG_PARTS } from '../logs/log-entry.ts';
import { SHELLS } from './completion/shells.ts';
import { type CommandDescription, JSON_OUTPUT } from './command-description.ts';

const CONFIGURATION = 'Its configuration, anywhere:';
const TROUBLE = 'When something is wrong, anywhere:';
const DEVELOPMENT = 'For development:';
const ABOUT = 'About the program:';

const AGENT = AGENT_OPTIONS.map(({ name }) => name);

const CONFIG_COMMANDS: readonly CommandDescription[] = [
  {
    name: 'config check',
    group: CONFIGURATION,
    summary: 'all that is wrong with file, environment and flags, or what counts and where it comes from',
    options: [JSON_OUTPUT],
    agent: AGENT,
    examples: [
      { line: 'guruconnect config check', what: 'what the installed service would load' },
      { line: 'guruconnect config check --config new.json', what: 'a file, before it is put in place' },
    ],
    run: async (invocation) => (await import('../config-command.ts')).runCheck(invocation),
  },
  {
    name: 'config schema',
    group: CONFIGURATION,
    summary: 'the JSON Schema of the configuration file',
    examples: [{ line: 'guruconnect config schema', what: 'for an editor' }],
    run: async () => (await import('../config-command.ts')).runSchema(),
  },
];

const TROUBLE_COMMANDS: readonly CommandDescription[] = [
  {
    name: 'doctor',
    group: TROUBLE,
    summary: 'why a machine is not reachable, and what to do about it',
    options: [
      { name: 'fix', summary: 'repair what install would have set' },
      { name: 'crash-drill', summary: 'end the worker, and see whether Windows brings the agent back' },
      { name: 'yes', summary: 'do not ask before the drill' },
      {
        name: 'allow-insecure-path',
        summary: 'as with install: only warn where others than administrators can change the program',
      },
      JSON_OUTPUT,
    ],
    agent: AGENT,
    examples: [
      { line: 'guruconnect doctor', what: 'all checks in order; changes nothing' },
      { line: 'guruconnect doctor --crash-drill', what: 'proves the recovery, with a short interruption' },
    ],
    run: async ({ args }) => (await import('../doctor/doctor-command.ts')).runDoctor(args),
  },
  {
    name: 'diagnostics',
    group: TROUBLE,
    summary: 'one archive for a ticket, with secrets taken out',
    options: [{ name: 'output', value: 'file', summary: 'where to (default: in this folder)' }, JSON_OUTPUT],
    agent: AGENT,
    examples: [{ line: 'guruconnect diagnostics', what: 'logs, status, configuration and doctor' }],
    run: async ({ args }) => (await import('../diagnostics/diagnostics-command.ts')).runDiagnostics(args),
  },
  {
    name: 'logs',
    group: TROUBLE,
    summary: 'what supervisor and worker have logged, as one',
    options: [
      { name: 'follow', short: 'f', summary: 'show what comes, until Ctrl-C' },
      {
        name: 'lines',
        short: 'n',
        value: 'number|all',
        summary: 'the last so many (default: 200; before what comes 10; all where --since is given)',
      },
      { name: 'since', value: 'time', summary: '30s, 10m, 2h, 3d, 1w ago; or 2026-11-26, 2026-11-26T10:00' },
      { name: 'level', value: 'level', summary: 'this one and worse', choices: LOG_LEVELS },
      { name: 'part', value: 'part', summary: 'of one process alone', choices: LOG_PARTS },
      JSON_OUTPUT,
    ],
    agent: ['data', 'config'],
    examples: [
      { line: 'guruconnect logs --follow', what: 'the last ten lines, and what comes' },
      { line: 'guruconnect logs --since 2h --level warn', what: 'what went wrong lately' },
    ],
    run: async ({ args }) => (await import('../logs/logs-command.ts')).runLogs(args),
  },
];

const DEVELOPMENT_COMMANDS: readonly CommandDescription[] = [
  {
    name: 'console',
    group: DEVELOPMENT,
    summary: 'run the supervisor and its worker in this terminal, until Ctrl-C',
    options: [
      { name: 'exit-after', value: 'seconds', summary: 'stop by itself after so many seconds online' },
      {
        name: 'stop-with-parent',
        summary: 'stop when the process that started it is gone (Linux)',
      },
    ],
    agent: AGENT,
    examples: [
      {
        line: 'guruconnect console --relay wss://relay.example --exit-after 5',
        what: 'whether a machine can be online at all',
      },
    ],
    run: async (invocation) => (await import('../console-command.ts')).runConsoleCommand(invocation),
  },
  {
    name: 'worker',
    group: DEVELOPMENT,
    summary: 'run the worker alone in this terminal, with a readable log, until Ctrl-C',
    options: [
      { name: 'supervised', summary: 'take options and stop from a supervisor', hidden: true },
      { name: 'probe', summary: 'try the way to the relay once, for the doctor', hidden: true },
    ],
    agent: AGENT,
    examples: [{ line: 'guruconnect worker --log-level debug', what: 'as it is configured' }],
    run: ({ args, own, runWorker }) => runWorker(own['verbose'] === true ? [...args, '--verbose'] : args),
  },
  {
    name: SERVICE_RUN_ARG,
    group: DEVELOPMENT,
    summary: 'run as the Windows service; started by the SCM only',
    isBare: true,
    agent: AGENT,
    examples: [{ line: `guruconnect ${SERVICE_RUN_ARG}`, what: 'says so when run by hand' }],
    run: async ({ args }) => (await import('../service-command.ts')).runServiceCommand(args, loadScm()),
  },
];

const ABOUT_COMMANDS: readonly CommandDescription[] = [
  {
    name: 'completion',
    group: ABOUT,
    summary: `a script that completes commands and options in ${SHELLS.slice(0, -1).join(', ')} or ${SHELLS.at(-1) ?? ''}`,
    operands: [{ name: 'shell', choices: SHELLS }],
    examples: [
      { line: 'guruconnect completion powershell | Out-String | Invoke-Expression', what: 'in $PROFILE' },
      { line: 'eval "$(guruconnect completion bash)"', what: 'in ~/.bashrc' },
      { line: 'source <(guruconnect completion zsh)', what: 'in ~/.zshrc, after compinit' },
      { line: 'guruconnect completion fish | source', what: 'in ~/.config/fish/config.fish' },
    ],
    run: async (invocation) => (await import('./completion-command.ts')).runCompletion(invocation),
  },
  {
    name: 'version',
    group: ABOUT,
    summary: 'version, commit, Node, and whether the addon is built',
    options: [JSON_OUTPUT],
    examples: [{ line: 'guruconnect version --json', what: 'for an inventory' }],
    run: async (invocation) => (await import('./version-command.ts')).runVersion(invocation),
  },
];

export const AGENT_COMMANDS: readonly CommandDescription[] = [
  ...CONFIG_COMMANDS,
  ...TROUBLE_COMMANDS,
  ...DEVELOPMENT_COMMANDS,
  ...ABOUT_COMMANDS,
];
