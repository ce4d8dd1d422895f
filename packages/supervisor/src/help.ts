/** The text of `guruconnect --help`. */
import { AGENT_FLAGS_HELP } from '@guruconnect/shared/agent-options';
import { SERVICE_RUN_ARG } from '@guruconnect/shared/identity';

export const HELP = `Usage: guruconnect <command> [options]

The Windows service, in an administrator's terminal:
  install              install the service and start it, or update it in place
  uninstall            stop and remove the service; its files stay
  start, stop, restart the service; done when they return
  status               the service, its recovery, the worker and the link; elsewhere, of a console's supervisor

Its configuration, anywhere:
  config check         all that is wrong with file, environment and flags, or what counts and where it comes from
  config schema        the JSON Schema of the configuration file

For development:
  console              run the supervisor and its worker in this terminal
  worker               run the worker alone in this terminal
  ${SERVICE_RUN_ARG}          run as the Windows service; started by the SCM only
  version              show the version

Options of install, console, worker, config check and ${SERVICE_RUN_ARG}; install writes them into the service's configuration file:
${AGENT_FLAGS_HELP}

Options of install, each of them kept by an update that does not give it:
  --delayed-start yes|no       start some minutes after boot (default: no)
  --reduced-privileges yes|no  run with the one privilege that is needed (default: no)

More options:
  --no-start           install: configure only; what runs goes on as it is until it is restarted
  --allow-insecure-path  install: even where others than administrators can change the program
  --take-over-data     install: believe a data folder that others could write to until now
  --purge              uninstall: remove credential, configuration and logs as well
  --quiet, -q          install, uninstall, start, stop, restart: the result only
  --json               status, config check: for programs
  --exit-after N       console: stop by itself after N seconds online
  --stop-with-parent   console: stop when the process that started it is gone (Linux)
  --help               show this

Exit codes and what is behind all this: docs/operations.md
`;
