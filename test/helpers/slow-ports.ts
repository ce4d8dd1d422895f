/** Ports whose every call takes a moment: it shows whether a flow waits for each before the next, and lets go of handles. */
import type { InstallPorts } from '@guruconnect/supervisor/manage/install-service';
import { sleep } from '@guruconnect/supervisor/manage/ports';
import type { ServiceManager } from '@guruconnect/supervisor/manage/service-manager';
import type { ManagedMachine } from './managed-machine.ts';

const CALL_MS = 10;

export interface SlowPorts {
  readonly ports: InstallPorts;
  /** Every call that has begun, by its name. */
  readonly calls: readonly string[];
  /** Calls that began while another one was under way. */
  readonly overlaps: readonly string[];
  /** What is under way, and the handles of processes that are open. */
  readonly leftovers: () => readonly string[];
}

type Call = (...args: never[]) => Promise<unknown>;

export const slowPorts = (machine: ManagedMachine): SlowPorts => {
  const { manager, configStore, stopNote, eventSource, ...rest } = machine.ports();
  const calls: string[] = [];
  const overlaps: string[] = [];
  const underWay: string[] = [];
  const handles = new Set<symbol>();

  const slowly =
    <C extends Call>(name: string, call: C) =>
    async (...args: Parameters<C>): Promise<Awaited<ReturnType<C>>> => {
      if (underWay.length > 0) overlaps.push(`${name} during ${underWay.join()}`);
      calls.push(name);
      underWay.push(name);
      try {
        await sleep(machine.clock, CALL_MS);
        return (await call(...args)) as Awaited<ReturnType<C>>;
      } finally {
        underWay.splice(underWay.indexOf(name), 1);
      }
    };
  const allSlowly = <T extends object>(port: T): T =>
    Object.fromEntries(
      Object.entries(port).map(([name, member]: [string, unknown]) => [
        name,
        typeof member === 'function' ? slowly(name, member as Call) : member,
      ]),
    ) as T;

  const process: ServiceManager['process'] = async () => {
    const found = await manager.process();
    if (found === undefined) return undefined;
    const handle = Symbol(found.pid);
    handles.add(handle);
    const ended = async (ms: number): Promise<boolean> => {
      const answer = await found.ended(ms);
      if (!handles.has(handle)) overlaps.push('close during ended');
      return answer;
    };
    return { ...found, ended, close: () => void handles.delete(handle) };
  };
  return {
    ports: {
      ...rest,
      manager: allSlowly({ ...manager, process }),
      configStore: allSlowly(configStore),
      stopNote: allSlowly(stopNote),
      eventSource: { ...allSlowly(eventSource), wanted: eventSource.wanted },
    },
    calls,
    overlaps,
    leftovers: () => [...underWay, ...[...handles].map(String)],
  };
};
