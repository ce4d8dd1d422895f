/** The registry as far as the Event Log's source is in it: it outlives power and programs. */
import type { EventSource, EventSourceState } from '@guruconnect/supervisor/manage/event-source';
import { Win32Error } from '@guruconnect/supervisor/manage/win32-error';

export interface FakeRegistry {
  state: EventSourceState;
  /** What every call of the method is refused with. */
  readonly refuse: Map<keyof EventSource, number>;
}

export const createFakeRegistry = (): FakeRegistry => ({ state: { kind: 'absent' }, refuse: new Map() });

/** @param messageFile that of the program that installs. */
export const fakeEventSource = (registry: FakeRegistry, messageFile: string): EventSource => {
  const call = async (method: keyof EventSource): Promise<void> => {
    await Promise.resolve();
    const error = registry.refuse.get(method);
    if (error !== undefined) throw new Win32Error(error, method, 'registry');
  };
  return {
    wanted: () => ({ messageFile, categoryCount: 4, typesSupported: 7 }),
    state: async () => {
      await call('state');
      return registry.state;
    },
    register: async (facts) => {
      await call('register');
      registry.state = { ...facts, kind: 'registered' };
    },
    unregister: async () => {
      await call('unregister');
      registry.state = { kind: 'absent' };
    },
  };
};
