/** Who is believed, and the exit code, where the SCM and who answers do not say the same. */
import type { StatusFacts } from '@guruconnect/supervisor/manage/status-facts';
import { silence, statusExitCode, trustedLive } from '@guruconnect/supervisor/manage/status-verdict';
import { test } from 'tap';
import { CONSOLE, FACTS, NOBODY, STOPPED, answer, service } from './status-cases.ts';

const NONE = { kind: 'absent' } as const;
const UNSEEN = { kind: 'not-elevated' } as const;
const UNKNOWN = { kind: 'unknown', why: 'error 1722' } as const;
const NO_SCM = { kind: 'no-scm' } as const;
const FAILED = { kind: 'failed', why: 'the supervisor answers something else' } as const;
const DENIED = { kind: 'denied' } as const;
const ELSEWHERE = { ofService: false } as const;

/** Facts, whether who answers is believed, and the exit code. */
const VERDICTS: Readonly<Record<string, readonly [Partial<StatusFacts>, believed: boolean, code: number]>> = {
  'its own supervisor': [{}, true, 0],
  'its own supervisor, which is starting': [{ live: answer({ service: 'starting' }) }, true, 5],
  'its own supervisor, which is stopping': [{ live: answer({ service: 'stopping' }) }, true, 5],
  'its own supervisor, which has stopped': [{ live: answer({ service: 'stopped' }) }, true, 3],
  'another process that says it is the service': [{ live: answer({ pid: 666 }) }, false, 6],
  'the process of the service, which says it is in a console': [{ live: CONSOLE }, false, 6],
  'the service stopped, and its process number answering': [{ service: STOPPED }, false, 3],
  'a console in another folder': [{ live: CONSOLE, ...ELSEWHERE }, true, 0],
  'a service in another folder than the installed one’s': [{ ...ELSEWHERE }, false, 6],
  'nobody in another folder, and the service running': [{ live: NOBODY, ...ELSEWHERE }, false, 6],
  'nobody in another folder, and the service stopped': [
    { service: STOPPED, live: NOBODY, ...ELSEWHERE },
    false,
    3,
  ],
  'a service that may not be asked': [{ live: DENIED }, false, 77],
  'a service that is starting and may not be asked': [
    { service: service({ state: 'start-pending' }), live: DENIED },
    false,
    5,
  ],
  'a service without a process, and nobody': [
    { service: service({ state: 'paused', pid: 0 }), live: NOBODY },
    false,
    6,
  ],
  'no service, and a console': [{ service: NONE, live: CONSOLE, ...ELSEWHERE }, true, 0],
  'no service, and somebody who says he is one': [{ service: NONE, ...ELSEWHERE }, false, 4],
  'no service, and something else that answers': [{ service: NONE, live: FAILED, ...ELSEWHERE }, false, 1],
  'no service, and somebody silent': [{ service: NONE, live: { kind: 'silent' }, ...ELSEWHERE }, false, 6],
  'no right to see the service, and nobody': [{ service: UNSEEN, live: NOBODY, ...ELSEWHERE }, false, 77],
  'no right to see the service, and a console': [{ service: UNSEEN, live: CONSOLE, ...ELSEWHERE }, true, 0],
  'an SCM that does not answer, and nobody': [{ service: UNKNOWN, live: NOBODY, ...ELSEWHERE }, false, 1],
  'an SCM that does not answer, and no right to ask': [
    { service: UNKNOWN, live: DENIED, ...ELSEWHERE },
    false,
    77,
  ],
  'no SCM, and nobody': [{ service: NO_SCM, live: NOBODY, ...ELSEWHERE }, false, 3],
  'no SCM, and a console without a link': [
    { service: NO_SCM, live: answer({ mode: 'console', link: undefined }), ...ELSEWHERE },
    true,
    6,
  ],
};
for (const [what, [facts, believed, code]] of Object.entries(VERDICTS)) {
  test(`verdict: ${what}`, (t) => {
    const all = { ...FACTS, ...facts };
    t.equal(trustedLive(all) !== undefined, believed, 'who answers is believed');
    t.equal(statusExitCode(all), code);
    if (all.live.kind === 'answer' && !believed) t.match(silence(all), /answers, and is not/);
    t.end();
  });
}
