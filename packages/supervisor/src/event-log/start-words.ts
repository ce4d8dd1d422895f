/** Why Windows has started the service, in words. Pure. */

/** By the bits of SERVICE_START_REASON_*. @see https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_start_reason */
const REASONS: readonly (readonly [bits: number, words: string])[] = [
  [0x8, 'by recovery, after a failure'],
  [0x2 | 0x10, 'with the machine'],
  [0x4, 'by a trigger'],
  [0x1, 'by hand or by a program'],
];

/** @param startReason 0 where Windows does not tell. */
export const startWords = (startReason: number): string =>
  REASONS.find(([bits]) => (startReason & bits) !== 0)?.[1] ?? 'Windows does not say by whom';
