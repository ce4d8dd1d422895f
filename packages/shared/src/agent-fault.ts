import { UsageError } from './usage-error.ts';

/** A local fault that trying again cannot mend. It is the only thing that ends a worker unasked and on purpose. */
export class AgentFault extends Error {
  override readonly name = 'AgentFault';
  readonly code: 'no-credential' | 'credential-damaged' | 'store-unreadable' | 'store-unwritable';
  constructor(code: AgentFault['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** By what name the service and the relay hear of it; `undefined` for what is no local permanent fault. */
export const faultCodeOf = (error: unknown): string | undefined => {
  if (error instanceof AgentFault) return error.code;
  return error instanceof UsageError ? 'bad-configuration' : undefined;
};

const CODES: readonly string[] = [
  'no-credential',
  'credential-damaged',
  'store-unreadable',
  'store-unwritable',
] satisfies readonly AgentFault['code'][];

const isCode = (code: string): code is AgentFault['code'] => CODES.includes(code);

/** The error again that {@link faultCodeOf} has named, on the other side of the pipe. */
export const faultOf = (code: string, message: string): Error =>
  isCode(code) ? new AgentFault(code, message) : new UsageError(message);
