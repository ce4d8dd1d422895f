/** Windows' Event Log: the typed surface of it. Windows only. */

export interface NativeEventSource {
  /** 0 or a Win32 error; 2 where the source is not registered. */
  readonly error: number;
  /** As they are in the registry, unexpanded; empty where they are not. */
  readonly messageFile: string;
  readonly categoryFile: string;
  readonly categoryCount: number;
  readonly typesSupported: number;
}

/**
 * A source is a key below `HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application`: 123 for an empty name, and for one
 * with a backslash in it. The promises take a thread of libuv's pool.
 * @see https://learn.microsoft.com/windows/win32/eventlog/event-sources
 */
export interface EventLogAddon {
  /** The addon's own file, which has the message table in it. */
  eventLogModule(): { readonly error: number; readonly path: string };
  eventLogSource(source: string): Promise<NativeEventSource>;
  /** Makes the key, or changes it: the file is that of the texts of events and categories. 5 without administrator rights. */
  eventLogRegister(
    source: string,
    messageFile: string,
    categoryCount: number,
    typesSupported: number,
  ): Promise<number>;
  /** 2 where it is not registered. */
  eventLogUnregister(source: string): Promise<number>;
  /**
   * RegisterEventSourceW and ReportEventW on a thread of its own, one event after the other: the Event Log may hang.
   * @param type EVENTLOG_*_TYPE.
   * @param id the whole identifier, with its severity.
   * @returns 0, or 1816 where 64 events wait already; this one is lost then.
   */
  eventLogReport(
    source: string,
    type: number,
    category: number,
    id: number,
    strings: readonly string[],
  ): number;
  /** Resolves with 0 or the error of the last event since the last call that was lost; 258 where `ms` were not enough for all of them. */
  eventLogFlush(ms: number): Promise<number>;
}
