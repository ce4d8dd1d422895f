/** What `status` may have found out, and what it has to say of it. */
import type { LiveStatus } from '@guruconnect/supervisor/live-status';
import { RECOVERY, serviceConfig } from '@guruconnect/supervisor/manage/service-definition';
import type { InstalledService, StatusFacts } from '@guruconnect/supervisor/manage/status-facts';
import type { Answer } from '@guruconnect/supervisor/status-client';

export const PID = 4711;
export const NOW = Date.parse('2026-01-01T03:04:05Z');
export const STARTED = '2026-01-01T00:00:00.000Z';

export const LIVE: LiveStatus = {
  version: 1,
  product: '0.1.0',
  mode: 'service',
  pid: PID,
  startedAt: STARTED,
  service: 'running',
  workerPid: 4712,
  link: { state: 'online', relay: 'wss://relay.example', roundTripMs: 3.14 },
};
export const answer = (live: Partial<LiveStatus> = {}, ageMs = 100): Answer => ({
  kind: 'answer',
  ageMs,
  live: { ...LIVE, ...live },
});

export const SERVICE: InstalledService = {
  kind: 'installed',
  status: {
    state: 'running',
    controlsAccepted: 5,
    win32ExitCode: 0,
    serviceExitCode: 0,
    checkPoint: 0,
    waitHint: 0,
    pid: PID,
  },
  config: serviceConfig({ executable: 'C:\\n.exe', script: 'C:\\g.js', data: 'C:\\data' }),
  failureActions: { kind: 'value', value: RECOVERY },
  failureFlag: { kind: 'value', value: true },
  delayedStart: { kind: 'value', value: false },
  startedAt: Date.parse(STARTED),
};
export const service = (
  status: Partial<InstalledService['status']>,
  rest: Partial<InstalledService> = {},
): InstalledService => ({ ...SERVICE, ...rest, status: { ...SERVICE.status, ...status } });

export const FACTS: StatusFacts = {
  service: SERVICE,
  live: answer(),
  data: 'C:\\data',
  ofService: true,
  relay: { url: 'wss://relay.example' },
  credential: 'present',
};

export const STOPPED = service(
  { state: 'stopped', pid: 0, win32ExitCode: 1066, serviceExitCode: 1 },
  { startedAt: undefined },
);
export const NOBODY: Answer = { kind: 'nobody' };
export const CONSOLE = answer({ mode: 'console' });

/** Facts, what has to be shown, what must not be, and the exit code. */
export const CASES: Readonly<
  Record<string, readonly [Partial<StatusFacts>, RegExp, RegExp | undefined, number]>
> = {
  'stopped after a crash': [
    { service: STOPPED, live: NOBODY },
    /service: stopped\n[^]*last exit: the worker ended without being asked to \(1066 \/ 1\)/,
    /worker:|link:|supervisor:/,
    3,
  ],
  starting: [
    { service: service({ state: 'start-pending' }), live: answer({ service: 'starting', link: undefined }) },
    /service: start-pending[^]*link: -/,
    undefined,
    5,
  ],
  'stopping, and nobody answers any more': [
    { service: service({ state: 'stop-pending' }), live: NOBODY },
    /service: stop-pending[^]*supervisor: the supervisor serves no status/,
    /link:/,
    5,
  ],
  'running, not online': [
    { live: answer({ link: { state: 'waiting', relay: 'wss://relay.example', trouble: 'ECONNREFUSED' } }) },
    /link: waiting \(ECONNREFUSED\)/,
    /round trip/,
    6,
  ],
  'hung: its event loop does not turn': [
    { live: answer({}, 45_000) },
    /supervisor: the supervisor hangs: not heard of for 45 s/,
    undefined,
    6,
  ],
  'a status 25 s old is that of a slow beat, not of a hung supervisor': [
    { live: answer({}, 25_000) },
    /link: online/,
    /hangs/,
    0,
  ],
  silent: [{ live: { kind: 'silent' } }, /supervisor: .*not answered within 2 s/, /link:/, 6],
  'without the rights to ask it': [{ live: { kind: 'denied' } }, /shown to administrators/, /link:/, 77],
  'answered for by somebody else': [
    { live: answer({ pid: 666 }) },
    /supervisor: process 666 answers, and is not the service's/,
    /link:|worker:/,
    6,
  ],
  "a console's supervisor on the service's own folder is not the service": [
    { service: STOPPED, live: CONSOLE },
    /service: stopped\n[^]*supervisor: process 4711 answers, and is not the service's/,
    /console:|link:/,
    3,
  ],
  "a console's supervisor elsewhere, beside a stopped service": [
    { service: STOPPED, live: CONSOLE, ofService: false },
    /service: stopped\n[^]*console: running[^]*link: online/,
    undefined,
    0,
  ],
  'whoever calls himself a service, where none is installed': [
    { service: { kind: 'absent' }, live: answer(), ofService: false },
    /service: not installed\nsupervisor: process 4711 answers, and is not/,
    /link:/,
    4,
  ],
  'not installed': [{ service: { kind: 'absent' }, live: NOBODY }, /service: not installed/, /link:/, 4],
  'not to be seen': [
    { service: { kind: 'not-elevated' }, live: { kind: 'denied' } },
    /service: .*administrator.*\(error 5\)/,
    undefined,
    77,
  ],
  unknown: [
    { service: { kind: 'unknown', why: 'OpenSCManager: Windows error 1722' }, live: NOBODY },
    /service: OpenSCManager: Windows error 1722/,
    undefined,
    1,
  ],
  'a console supervisor where there is no SCM': [
    { service: { kind: 'no-scm' }, live: CONSOLE },
    /^console: running, pid 4711, up 3 h 04 min\nworker:/,
    /service:|recovery:/,
    0,
  ],
  'no console supervisor where there is no SCM': [
    { service: { kind: 'no-scm' }, live: NOBODY },
    /^service: no supervisor runs/,
    /link:/,
    3,
  ],
  'a console supervisor that does not answer, where there is no SCM': [
    { service: { kind: 'no-scm' }, live: { kind: 'silent' } },
    /^supervisor: .*not answered within 2 s/,
    /service:/,
    6,
  ],
  "another user's supervisor where there is no SCM": [
    { service: { kind: 'no-scm' }, live: { kind: 'denied' } },
    /supervisor's own user/,
    /service:/,
    77,
  ],
  'a console supervisor beside no service': [
    { service: { kind: 'absent' }, live: CONSOLE },
    /service: not installed\nconsole: running/,
    undefined,
    0,
  ],
  'an image path that is not quoted': [
    { service: { ...SERVICE, config: { ...SERVICE.config, imagePath: 'C:\\a b\\n.exe x' } } },
    /image path: not quoted/,
    undefined,
    0,
  ],
  'an image path without quotes, and without a space that would want them': [
    { service: { ...SERVICE, config: { ...SERVICE.config, imagePath: 'C:\\a\\n.exe x' } } },
    /^(?![^]*image path)/,
    undefined,
    0,
  ],
  disabled: [
    { service: { ...STOPPED, config: { ...SERVICE.config, startType: 'disabled' } }, live: NOBODY },
    /start type: disabled/,
    undefined,
    3,
  ],
  delayed: [
    { service: { ...SERVICE, delayedStart: { kind: 'value', value: true } } },
    /start type: automatic, delayed/,
    undefined,
    0,
  ],
  'a configuration that is wrong': [
    { relay: { trouble: 'config.json: relay: not a URL' } },
    /relay: config.json: relay: not a URL/,
    undefined,
    0,
  ],
  'without a credential': [{ credential: 'absent' }, /credential: absent/, undefined, 0],
  'with a note': [
    { live: answer({ note: 'the worker did not stop in time and was killed' }) },
    /note: the worker did not stop/,
    undefined,
    0,
  ],
};
