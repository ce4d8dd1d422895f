/**
 * The registration of the Event Log's source: where Windows finds the texts of our events. Without it, they are written all the
 * same, and shown without their texts: so nothing here makes an installation fail.
 * @see https://learn.microsoft.com/windows/win32/eventlog/event-sources
 */
import { messageOf } from '@guruconnect/shared/usage-error';
import { type SettingOutcome, ensureSetting } from './recovery.ts';

/** Both files of the registry's key are this one. */
export interface EventSourceFacts {
  readonly messageFile: string;
  readonly categoryCount: number;
  /** EVENTLOG_*_TYPE bits. */
  readonly typesSupported: number;
}

export type EventSourceState =
  { readonly kind: 'absent' } | ({ readonly kind: 'registered' } & EventSourceFacts);

/** Every method rejects with a Win32Error. */
export interface EventSource {
  /** What it has to be. */
  wanted(): EventSourceFacts;
  state(): Promise<EventSourceState>;
  register(facts: EventSourceFacts): Promise<void>;
  /** That there is none is no error. */
  unregister(): Promise<void>;
}

const same = (a: EventSourceState, b: EventSourceState): boolean => {
  if (a.kind === 'absent' || b.kind === 'absent') return a.kind === b.kind;
  return (
    // Windows' paths are the same in either case.
    a.messageFile.toLowerCase() === b.messageFile.toLowerCase() &&
    a.categoryCount === b.categoryCount &&
    a.typesSupported === b.typesSupported
  );
};

/** Whether it is, as it has to be. @throws Win32Error */
export const isRegistered = async (source: EventSource): Promise<boolean> =>
  same(await source.state(), { kind: 'registered', ...source.wanted() });

/** Makes it what it was. @throws Win32Error */
export const putEventSource = (source: EventSource, state: EventSourceState): Promise<void> =>
  state.kind === 'absent' ? source.unregister() : source.register(state);

/** Registers it unless it is, and reads it back. Never rejects. */
export const ensureEventSource = async (source: EventSource): Promise<SettingOutcome> => {
  try {
    return await ensureSetting<EventSourceState>('event source', {
      get: source.state,
      set: (state) => putEventSource(source, state),
      wanted: { kind: 'registered', ...source.wanted() },
      equal: same,
    });
  } catch (error) {
    return { kind: 'failed', setting: 'event source', why: messageOf(error) };
  }
};
