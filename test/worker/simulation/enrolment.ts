/** The enrolment of the simulated relay. */
import type { EnrollResponse } from '@guruconnect/shared/relay-protocol';
import { EnrollRefused } from '@guruconnect/worker/enroll';
import type { Transport } from '@guruconnect/worker/transport';
import type { FakeClock } from '../../helpers/fake-clock.ts';
import type { Random } from './random.ts';

export const createEnrolment =
  (clock: FakeClock, random: Random, isHealthy: () => boolean): Transport['enroll'] =>
  (_token, _body, signal): Promise<EnrollResponse> =>
    new Promise((resolve, reject) => {
      const fail = (cause: unknown): void => {
        reject(cause instanceof Error ? cause : new Error('aborted'));
      };
      signal.addEventListener('abort', fail, { once: true });
      clock.after(random.between(0, 300), () => {
        const outcome = isHealthy()
          ? 'good'
          : random.pick(['good', 'good', 'refused', 'busy', 'silent', 'reset']);
        if (outcome === 'good') resolve({ agentId: 'a', credential: `cak_${'c'.repeat(43)}` });
        if (outcome === 'reset') fail(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
        if (outcome === 'refused') fail(new EnrollRefused({ statusCode: 401, headers: {} } as never));
        if (outcome === 'busy') fail(new EnrollRefused({ statusCode: 503, headers: {} } as never));
      });
    });
