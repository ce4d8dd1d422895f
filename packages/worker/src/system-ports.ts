/** The agent's ports as the product has them; what differs between a supervised and a lone worker is given. */
import { systemClock } from '@guruconnect/shared/clock';
import type { AgentPorts } from './agent-ports.ts';
import { systemMachine } from './machine-facts.ts';
import { createTransport } from './transport.ts';
import { systemSample, watchWakes } from './wake.ts';

type Given = 'config' | 'changes' | 'resolve' | 'signal' | 'log' | 'afterBoot' | 'lastWords' | 'onBeat';

export const systemPorts = (given: Pick<AgentPorts, Given>): AgentPorts => ({
  ...given,
  clock: systemClock,
  wallNow: Date.now,
  random: Math.random,
  createTransport,
  wakes: (listener) => watchWakes(systemClock, systemSample, listener),
  machine: systemMachine(),
});
