/** The {@link EventSource} that is Windows', by the addon. */
import { realpathSync } from 'node:fs';
import type { EventLogAddon } from '@guruconnect/native';
import type { EventSource } from '../manage/event-source.ts';
import { WIN32, Win32Error } from '../manage/win32-error.ts';
import { CATEGORY_COUNT, TYPES_SUPPORTED } from './event-record.ts';
import { EVENT_SOURCE } from './windows-sink.ts';

const check = (operation: string, error: number): void => {
  if (error !== 0) throw new Win32Error(error, operation, EVENT_SOURCE);
};

export const nativeEventSource = (addon: EventLogAddon): EventSource => ({
  wanted: () => {
    const { error, path } = addon.eventLogModule();
    check('GetModuleFileName', error);
    // No link: whoever replaces the program may leave another one.
    return {
      messageFile: realpathSync.native(path),
      categoryCount: CATEGORY_COUNT,
      typesSupported: TYPES_SUPPORTED,
    };
  },
  state: async () => {
    const { error, messageFile, categoryFile, ...rest } = await addon.eventLogSource(EVENT_SOURCE);
    if (error === WIN32.fileNotFound) return { kind: 'absent' };
    check('RegOpenKeyEx', error);
    // One without the texts of its categories is not whole.
    return { kind: 'registered', messageFile: categoryFile === messageFile ? messageFile : '', ...rest };
  },
  register: async ({ messageFile, categoryCount, typesSupported }) => {
    const error = await addon.eventLogRegister(EVENT_SOURCE, messageFile, categoryCount, typesSupported);
    check('RegSetValueEx', error);
  },
  unregister: async () => {
    const error = await addon.eventLogUnregister(EVENT_SOURCE);
    if (error !== WIN32.fileNotFound) check('RegDeleteKeyEx', error);
  },
});
