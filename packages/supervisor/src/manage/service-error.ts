/** A management command that could not do what it was asked to, in one line that says what to do about it. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}
