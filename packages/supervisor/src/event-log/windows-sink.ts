/** The {@link EventSink} that is Windows', by the addon. */
import { type EventLogAddon, loadEventLog } from '@guruconnect/native';
import { systemClock } from '@guruconnect/shared/clock';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { TIMING } from '@guruconnect/shared/timing';
import { type EventLog, type EventSink, NO_SINK, createEventLog } from './event-log.ts';

/** The source, by which Windows knows where the texts are, and people the events of this product. */
export const EVENT_SOURCE = SERVICE_NAME;

/** Whether the source is registered is no matter: where it is not, Event Viewer shows the insertion strings alone. */
export const windowsSink = (addon: EventLogAddon): EventSink => ({
  write: ({ type, category, id, strings }) => {
    addon.eventLogReport(EVENT_SOURCE, type, category, id, strings);
  },
  close: () => addon.eventLogFlush(TIMING.eventLogEnd),
});

/** Never throws. Off Windows, and where the addon was not built, one that goes nowhere. */
export const openEventLog = (): EventLog => {
  const addon = loadEventLog();
  return createEventLog(addon === undefined ? NO_SINK : windowsSink(addon), systemClock);
};
