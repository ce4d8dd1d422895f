/** The failure of a service that had nothing yet to tell of it. */
import { messageOf } from '@guruconnect/shared/usage-error';
import type { EventLog } from './event-log.ts';
import { openEventLog } from './windows-sink.ts';

/** Never rejects, and waits no longer than the Event Log may take. */
export const tellEntryFailure = async (error: unknown, events: EventLog = openEventLog()): Promise<void> => {
  events.write({ kind: 'supervisor-failed', reason: messageOf(error) });
  await events.close();
};
