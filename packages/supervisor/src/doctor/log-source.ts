/** Whether Windows can show what the service writes into the Event Log. Pure. */
import { type Verdict, judgeKnown, ok, skipped, warning } from './check.ts';
import type { DoctorFacts } from './facts.ts';
import { INSTALL } from './registration.ts';

export const judgeEventLog = ({ eventLogSource }: DoctorFacts): Verdict =>
  judgeKnown(eventLogSource, (source) => {
    switch (source) {
      case 'registered':
        return ok('the source is registered');
      case 'missing':
        return warning(
          'the source is not registered: events are shown without their text',
          `${INSTALL} registers it`,
        );
      case 'unknown':
        return skipped('this version cannot look at it');
    }
  });
