/** What the simulated relay does wrong, and now and then right. */

/** What a try to open a session comes to. */
export const DOORS = [
  'refused',
  'unreachable',
  'silent',
  'dies-in-handshake',
  '401',
  '403',
  '429',
  '503',
  '404',
  'no-welcome',
  'good',
  'good',
  'good',
] as const;

/** What becomes of a session that was opened. */
export const FATES = [
  'restart',
  'restart-with-slot',
  'reset',
  'half-open',
  'flood',
  'deaf',
  'garbage',
  'oversized',
  'superseded',
  'unknown-kinds',
  'stays',
] as const;

export type Door = (typeof DOORS)[number];
export type Fate = (typeof FATES)[number];
