/** One link: runs its machine against the real world, until a stop or until the configuration names another relay. */
import type { Config } from '@guruconnect/shared/config';
import { partLog } from '@guruconnect/shared/log';
import { runMachine } from '@guruconnect/shared/machine-runner';
import type { Beat, LinkState, StopReason } from '@guruconnect/shared/pipe-protocol';
import type { AgentMemory, AgentPorts } from './agent-ports.ts';
import { type LinkEvent, startLink, stepLink } from './link.ts';
import { type LinkEffects, createLinkEffects } from './link-effects.ts';
import { planReload } from './reload.ts';

const beatOf = (memory: AgentMemory, effects: LinkEffects): Beat => {
  const { link, config, roundTripMs, trouble, metrics } = memory;
  const beat = {
    kind: 'beat',
    link,
    relay: config.relay,
    counters: metrics.snapshot(effects.traffic()),
  } as const;
  if (link === 'online') return { ...beat, ...(roundTripMs !== undefined && { roundTripMs }) };
  return { ...beat, ...(trouble !== undefined && { trouble }) };
};

/** Takes the new configuration over; the session goes on where it may. @returns whether it names another relay. */
const reconfigure = (
  ports: AgentPorts,
  memory: AgentMemory,
  effects: LinkEffects,
  config: Config,
): 'other-relay' | 'renewed' | 'nothing' => {
  const plan = planReload(memory.config, config);
  if (plan.kind === 'nothing') return 'nothing';
  if (plan.relay) return 'other-relay';
  memory.config = config;
  if (plan.way) effects.use(ports.createTransport(config));
  return plan.way || plan.token ? 'renewed' : 'nothing';
};

/** What ends a link from outside, or steers it. @returns the function that lets go of all of it. */
const attend = (
  ports: AgentPorts,
  memory: AgentMemory,
  effects: LinkEffects,
  dispatch: (event: LinkEvent) => void,
  onOther: (config: Config) => void,
): (() => void) => {
  const { signal } = ports;
  const log = partLog(ports.log, 'link');
  const stop = (): void => {
    dispatch({ kind: 'stop', reason: signal.reason as StopReason });
  };
  const ends = [
    ports.wakes((reason) => {
      log.info({ reason }, 'woken');
      dispatch({ kind: 'woken' });
    }),
    ports.changes((config) => {
      const outcome = reconfigure(ports, memory, effects, config);
      if (outcome === 'renewed') {
        dispatch({ kind: 'renewed', canEnroll: config.enrollToken !== undefined });
      } else if (outcome === 'other-relay') onOther(config);
    }),
    () => {
      signal.removeEventListener('abort', stop);
    },
  ];
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return () => {
    for (const end of ends) end();
  };
};

/** @returns the configuration to go on with, or `undefined` after a stop. @throws AgentFault */
export const runLink = (ports: AgentPorts, memory: AgentMemory): Promise<Config | undefined> =>
  new Promise((resolve, reject) => {
    const log = partLog(ports.log, 'link');
    let next: Config | undefined;
    const life = { over: false };
    let letGo = (): void => undefined;
    const tell = (link: LinkState): void => {
      memory.link = link;
      ports.onBeat(beatOf(memory, effects));
    };
    const finish = (): void => {
      life.over = true;
      letGo();
      void effects.release().then(() => {
        resolve(ports.signal.aborted ? undefined : next);
      });
    };
    const effects = createLinkEffects(ports, memory, {
      dispatch: (event) => {
        dispatch(event);
      },
      // It may end while the link is closing already, and must not make it look online again.
      news: () => {
        if (memory.link === 'online') tell('online');
      },
    });
    const start = startLink(memory.identity.stored === undefined ? 'enroll' : 'connect', ports.afterBoot);
    const dispatch = runMachine(
      { start, step: stepLink },
      {
        perform: effects.perform,
        broke: (error) => {
          letGo();
          void effects.release();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
        transition: (from, event, to) => {
          if (event !== undefined && from.kind === to.kind) return;
          const change = { from: from.kind, event: event?.kind ?? 'start', to: to.kind };
          log.info({ ...change, why: memory.trouble }, 'link');
          tell(to.kind);
          if (to.kind === 'done') finish();
        },
      },
    );
    letGo = attend(ports, memory, effects, dispatch, (config) => {
      next = config;
      dispatch({ kind: 'stop', reason: 'reconfigured' });
    });
    // It may have been told to stop while it was being told of everything else.
    if (life.over) letGo();
  });
