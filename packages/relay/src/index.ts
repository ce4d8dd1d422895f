export type { CloseReason, Status } from './conversation.ts';
export {
  ofKind,
  type EventOf,
  type HelloFacts,
  type RelayEvent,
  type SessionClosed,
  type StallPoint,
} from './events.ts';
export type { Faults, Refusal } from './faults.ts';
export { createRegistry, type Registry } from './registry.ts';
export type { RelayOptions } from './options.ts';
export { startRelay, type Relay } from './relay.ts';
export type { Cut, SessionInfo } from './session.ts';
