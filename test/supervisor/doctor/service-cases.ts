/** The service, the folder, the store and the disk, each not as it should be. */
import type { DoctorFacts } from '@guruconnect/supervisor/doctor/facts';
import { NOBODY, STOPPED, SERVICE, service } from '../manage/status-cases.ts';
import { type Cases, BAD_CONFIG, CONSOLE_LIVE, DENIED_CONFIG, known, withStatus } from './cases.ts';

const changed = (rest: Partial<typeof SERVICE.config>): Partial<DoctorFacts> =>
  withStatus({ service: { ...SERVICE, config: { ...SERVICE.config, ...rest } } });
const denied = { kind: 'denied', why: 'access is denied (error 5)' } as const;
const mib = (many: number): Partial<DoctorFacts> => ({
  disk: known({ path: 'C:\\data', freeBytes: many * 1024 * 1024 }),
});

export const SERVICE_CASES: Cases = {
  'no service': [
    'registered',
    withStatus({ service: { kind: 'absent' }, live: NOBODY }),
    'failed',
    /guruconnect install/,
  ],
  'no service, a console runs': [
    'registered',
    withStatus({ service: { kind: 'absent' }, live: CONSOLE_LIVE }),
    'skipped',
    /in a console/,
  ],
  'a service that may not be seen': [
    'registered',
    withStatus({ service: { kind: 'not-elevated' } }),
    'skipped',
    /administrator/,
  ],
  'a service that cannot be asked': [
    'registered',
    withStatus({ service: { kind: 'unknown', why: 'RPC' } }),
    'failed',
    /RPC/,
  ],
  'no Windows': ['account', withStatus({ service: { kind: 'no-scm' } }), 'skipped', /no Windows/],
  'an image path without quotes': [
    'image-path',
    changed({ imagePath: 'C:\\Program Files\\n.exe x' }),
    'failed',
    /CWE-428[^]*--fix/,
  ],
  'a program without quotes and without a space': [
    'image-path',
    changed({ imagePath: 'C:\\gc\\n.exe service-run --data "C:\\GC Data"' }),
    'ok',
    /no other program/,
  ],
  'an image path that does not tell the program': [
    'image-path',
    changed({ imagePath: 'C:\\P F\\run service-run' }),
    'failed',
    /guruconnect install[^]*C:\\P …/,
  ],
  'a program that users may write': [
    'program',
    { weakness: known({ path: 'C:\\GuruConnect', who: 'Users' }) },
    'failed',
    /Users can change[^]*Program Files[^]*C:\\GuruConnect/,
  ],
  'a program whose ACL may not be read': [
    'program',
    { weakness: denied },
    'skipped',
    /administrator's terminal.*error 5/,
  ],
  'a disabled service': ['start-type', changed({ startType: 'disabled' }), 'failed', /disabled[^]*--fix/],
  'a delayed service': [
    'start-type',
    withStatus({ service: { ...SERVICE, delayedStart: { kind: 'value', value: true } } }),
    'ok',
    /automatic, delayed/,
  ],
  'no recovery': [
    'recovery',
    withStatus({
      service: { ...SERVICE, failureActions: { kind: 'value', value: { resetPeriodS: 0, actions: [] } } },
    }),
    'failed',
    /nothing restarts/,
  ],
  'recovery that has drifted': [
    'recovery',
    withStatus({
      service: {
        ...SERVICE,
        failureActions: {
          kind: 'value',
          value: { resetPeriodS: 60, actions: [{ kind: 'restart', delayMs: 9000 }] },
        },
      },
    }),
    'warning',
    /not as installed[^]*restart after 9 s/,
  ],
  'recovery that this platform does not know': [
    'recovery',
    withStatus({ service: { ...SERVICE, failureActions: { kind: 'unknown-level' } } }),
    'skipped',
    /124/,
  ],
  'a flag that is off': [
    'failure-flag',
    withStatus({ service: { ...SERVICE, failureFlag: { kind: 'value', value: false } } }),
    'failed',
    /flag is off[^]*--fix/,
  ],
  'a flag that cannot be read': [
    'failure-flag',
    withStatus({ service: { ...SERVICE, failureFlag: { kind: 'failed', why: 'no' } } }),
    'skipped',
    /no/,
  ],
  'another account': ['account', changed({ account: '.\\bob' }), 'failed', /as \.\\bob/],
  'a service that has crashed': [
    'running',
    withStatus({ service: STOPPED, live: NOBODY }),
    'failed',
    /start[^]*1066 \/ 1/,
  ],
  'a service that is starting': [
    'running',
    withStatus({ service: service({ state: 'start-pending' }) }),
    'warning',
    /moment/,
  ],
  'no data folder': ['data-folder', { folder: known({ kind: 'missing' }) }, 'warning', /not there/],
  'a data folder that users may read': [
    'data-folder',
    { folder: known({ kind: 'readable', who: 'Users' }) },
    'warning',
    /Users can look/,
  ],
  'a data folder that users may write': [
    'data-folder',
    { folder: known({ kind: 'unsafe', why: 'Users can write to it' }) },
    'failed',
    /--take-over-data/,
  ],
  'a credential that users may read': [
    'store',
    { store: known({ files: 1, open: { path: 'C:\\data\\credential.json', who: 'Users' } }) },
    'failed',
    /Users can get at[^]*credential\.json/,
  ],
  'a service that was stopped': [
    'running',
    withStatus({ service: service({ state: 'stopped', pid: 0 }), live: NOBODY }),
    'failed',
    /administrator\n?$|as it was asked to/,
  ],
  'a secret in a folder that users may write': [
    'store',
    {
      folder: known({ kind: 'unsafe', why: 'Users can write to it' }),
      store: known({ files: 1, open: { path: 'C:\\data\\credential.json', who: 'Users' } }),
    },
    'failed',
    /--take-over-data/,
  ],
  'a configuration that is for administrators': [
    'configuration',
    { inspection: DENIED_CONFIG },
    'skipped',
    /administrator.*EPERM/,
  ],
  'a configuration that is wrong': [
    'configuration',
    { inspection: BAD_CONFIG },
    'failed',
    /config\.json: relay: not a ws/,
  ],
  'no credential and no token': [
    'credential',
    { stored: known({ kind: 'fault', why: 'no credential' }) },
    'failed',
    /--enroll-token/,
  ],
  'a token and no credential': [
    'credential',
    { stored: known({ kind: 'enrol', reason: 'first' }) },
    'warning',
    /not enrolled/,
  ],
  'a copied disk': [
    'credential',
    { stored: known({ kind: 'use', enrolledAt: '', clone: true }) },
    'warning',
    /copy of its disk/,
  ],
  'a store that is not for everybody': ['credential', { stored: denied }, 'skipped', /administrator/],
  'no source': ['event-log', { eventLogSource: known('missing') }, 'warning', /install.*registers it/],
  'an unknown source': ['event-log', { eventLogSource: known('unknown') }, 'skipped', /cannot look/],
  'a disk that is getting full': ['disk', mib(500), 'warning', /500 MiB/],
  'a full disk': ['disk', mib(31), 'failed', /make room/],
  'a disk that does not answer': [
    'disk',
    { disk: { kind: 'failed', why: 'no answer' } },
    'skipped',
    /no answer/,
  ],
};
