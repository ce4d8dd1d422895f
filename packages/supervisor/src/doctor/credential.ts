/** The configuration, and whether there is somebody for this machine to be at the relay. Pure. */
import { problemText } from '../config-report.ts';
import { type Verdict, failed, judgeKnown, ok, skipped, warning } from './check.ts';
import type { DoctorFacts } from './facts.ts';

/** As the file system says that a file is not for the caller. */
const DENIED = /^(?:EACCES|EPERM)\b/;

export const judgeConfiguration = ({ inspection }: DoctorFacts): Verdict => {
  const [first, ...more] = inspection.problems;
  if (first === undefined) return ok(inspection.settings?.relay ?? 'valid');
  if (first.key === undefined && DENIED.test(first.reason))
    return skipped(`needs more rights (an administrator's terminal): ${problemText(first)}`);
  return failed(
    'the configuration is not valid: the agent does not start with it',
    `mend it; "guruconnect config check" shows ${more.length === 0 ? 'it' : `all ${more.length + 1} problems`}`,
    problemText(first),
  );
};

const NEW_TOKEN = 'give an enrolment token ("guruconnect install --enroll-token …")';

export const judgeCredential = ({ stored }: DoctorFacts): Verdict =>
  judgeKnown(stored, (fact) => {
    switch (fact.kind) {
      case 'fault':
        return failed('the agent cannot log in at the relay', NEW_TOKEN, fact.why);
      case 'enrol':
        return warning(
          'the machine is not enrolled yet',
          'nothing, if the token is right: the agent enrols as soon as it reaches the relay',
          `it enrols with the token: ${fact.reason}`,
        );
      case 'use':
        return fact.clone
          ? warning(
              'the credential was issued to another machine: this looks like a copy of its disk',
              `${NEW_TOKEN}, so that the two do not turn each other out`,
            )
          : ok(`readable, enrolled ${fact.enrolledAt}`);
    }
  });
