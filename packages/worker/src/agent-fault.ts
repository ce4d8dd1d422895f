/** A local fault that trying again cannot mend. It is the only thing that ends a worker unasked and on purpose. */
export class AgentFault extends Error {
  override readonly name = 'AgentFault';
  readonly code: 'no-credential' | 'credential-damaged' | 'store-unreadable' | 'store-unwritable';
  constructor(code: AgentFault['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
