/** The agent: runs the link's machine against the real world until it is done. */
import { runMachine } from '@guruconnect/shared/machine-runner';
import type { Beat, LinkState, StopReason } from '@guruconnect/shared/pipe-protocol';
import { AgentFault } from './agent-fault.ts';
import type { AgentMemory, AgentPorts } from './agent-ports.ts';
import { type StoredCredential, readCredential } from './credential.ts';
import { type LinkEvent, startLink, stepLink } from './link.ts';
import { createLinkEffects } from './link-effects.ts';
import { resolveMachineId } from './machine-id.ts';

/** The credential for this relay; one of another relay is set aside where a token can get a new one. */
const resolveCredential = ({ config, dataDir, log }: AgentPorts): StoredCredential | undefined => {
  const stored = readCredential(dataDir);
  if (stored?.relay === config.relay) return stored;
  if (config.enrollToken === undefined) {
    const why =
      stored === undefined ? 'no credential is stored' : `the stored credential is for ${stored.relay}`;
    throw new AgentFault(
      'no-credential',
      `${why}, and there is no enrolment token to get one (--enroll-token)`,
    );
  }
  if (stored !== undefined) {
    log.warn({ relay: stored.relay }, 'the stored credential is for another relay');
  }
  return undefined;
};

const beatOf = (link: LinkState, relay: string, memory: AgentMemory): Beat => {
  const { roundTripMs, trouble } = memory;
  if (link === 'online')
    return { kind: 'beat', link, relay, ...(roundTripMs !== undefined && { roundTripMs }) };
  return { kind: 'beat', link, relay, ...(trouble !== undefined && { trouble }) };
};

/** Resolves once a stop has been carried out. Rejects with an {@link AgentFault} for a local permanent fault. */
export const runAgent = async (ports: AgentPorts): Promise<void> => {
  const { config, signal, log } = ports;
  const stored = resolveCredential(ports);
  const memory: AgentMemory = {
    stored,
    machineId: stored?.machineId ?? resolveMachineId(ports.dataDir),
    connects: 0,
    link: stored === undefined ? 'enrolling' : 'connecting',
  };

  return new Promise((resolve, reject) => {
    const tell = (link: LinkState): void => {
      ports.onBeat(beatOf(link, config.relay, memory));
    };
    const later = (event: LinkEvent): void => {
      dispatch(event);
    };
    const perform = createLinkEffects(ports, memory, {
      dispatch: later,
      // It may end while the link is closing already, and must not make it look online again.
      roundTrip: () => {
        if (memory.link === 'online') tell('online');
      },
    });
    const dispatch = runMachine(
      { start: startLink(stored === undefined ? 'enroll' : 'connect'), step: stepLink },
      {
        perform,
        broke: reject,
        transition: (from, event, to) => {
          if (event !== undefined && from.kind === to.kind) return;
          log.info(
            { from: from.kind, event: event?.kind ?? 'start', to: to.kind, why: memory.trouble },
            'link',
          );
          memory.link = to.kind;
          tell(to.kind);
          if (to.kind !== 'done') return;
          if (to.outcome === 'stopped') resolve();
          else reject(memory.fault ?? new Error('the link failed without a reason'));
        },
      },
    );
    const stop = (): void => {
      dispatch({ kind: 'stop', reason: signal.reason as StopReason });
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
};
