/** A management command that could not do what it was asked to, in one line that says what to do about it. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** Administrator rights are missing, or nothing that more rights would mend. */
  readonly code: 'not-elevated' | 'failed';
  constructor(code: ServiceError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
