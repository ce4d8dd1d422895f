/** Cells of the service's table as text: what the tests compare and docs/architecture.md shows. */
import { OK, type ServiceEffect, type ServiceExit, type ServiceState } from '@guruconnect/supervisor/machine';
import type { Step } from '@guruconnect/shared/machine-runner';

const showExit = (exit: ServiceExit): string => (exit === OK ? 'OK' : 'FAILED');

export const showState = (state: ServiceState): string => {
  switch (state.kind) {
    case 'starting':
    case 'running':
      return state.kind;
    case 'stopping':
      return `stopping(${showExit(state.exit)})${state.killed ? ', killed' : ''}`;
    case 'stopped':
      return `stopped(${showExit(state.exit)})`;
  }
};

const showEffect = (effect: ServiceEffect): string => {
  switch (effect.kind) {
    case 'report':
      return effect.report.state === 'stopped'
        ? `report stopped(${showExit(effect.report.exit)})`
        : `report ${effect.report.state}`;
    case 'ask-stop':
      return `ask-stop ${effect.reason}`;
    case 'timer':
      return `timer ${effect.wait}`;
    case 'checkpoint':
    case 'spawn':
    case 'kill':
    case 'timer-off':
      return effect.kind;
  }
};

export const showEffects = (effects: readonly ServiceEffect[]): string => effects.map(showEffect).join(', ');

/** `-` where the state stays and nothing is done. */
export const showCell = (
  from: ServiceState,
  { state, effects }: Step<ServiceState, ServiceEffect>,
): string => {
  if (state === from && effects.length === 0) return '-';
  return `${showState(state)}: ${showEffects(effects)}`;
};
