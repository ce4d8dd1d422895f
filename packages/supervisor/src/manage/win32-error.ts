/** Win32 errors: the ones that are answers of the SCM and not accidents, and what a person is told of the others. */

/** @see https://learn.microsoft.com/windows/win32/debug/system-error-codes */
export const WIN32 = {
  fileNotFound: 2,
  pathNotFound: 3,
  accessDenied: 5,
  /** CREATE_NEW of a file that is there. */
  fileExists: 80,
  invalidParameter: 87,
  /** The platform does not know this level of ChangeServiceConfig2. */
  invalidLevel: 124,
  alreadyExists: 183,
  /** CreateNamedPipe: all instances of the name are in use. */
  pipeBusy: 231,
  /** What a control gets from a service whose process is gone without the SCM's having noticed. */
  noData: 232,
  waitTimeout: 258,
  invalidServiceControl: 1052,
  serviceRequestTimeout: 1053,
  serviceDatabaseLocked: 1055,
  serviceAlreadyRunning: 1056,
  serviceDisabled: 1058,
  serviceDoesNotExist: 1060,
  serviceCannotAcceptControl: 1061,
  serviceNotActive: 1062,
  serviceSpecificError: 1066,
  processAborted: 1067,
  serviceLogonFailed: 1069,
  serviceMarkedForDelete: 1072,
  serviceExists: 1073,
  serviceNeverStarted: 1077,
  shutdownInProgress: 1115,
} as const;

const WORDS: Readonly<Record<number, string>> = {
  [WIN32.fileNotFound]: 'the file does not exist',
  [WIN32.pathNotFound]: 'the folder does not exist',
  [WIN32.accessDenied]: 'access is denied',
  [WIN32.invalidParameter]: 'a parameter is not valid',
  [WIN32.invalidLevel]: 'this Windows does not know the setting',
  [WIN32.waitTimeout]: 'it did not happen in time',
  [WIN32.invalidServiceControl]: 'the service does not take this control now',
  [WIN32.serviceRequestTimeout]: 'the service did not respond to the start in time',
  [WIN32.serviceDatabaseLocked]: 'the service database is locked',
  [WIN32.serviceAlreadyRunning]: 'the service is already running',
  [WIN32.serviceDisabled]: 'the service is disabled',
  [WIN32.serviceDoesNotExist]: 'the service is not installed',
  [WIN32.serviceCannotAcceptControl]: 'the service takes no controls now',
  [WIN32.serviceNotActive]: 'the service is not running',
  [WIN32.serviceLogonFailed]: 'the account of the service cannot log on',
  [WIN32.serviceMarkedForDelete]: 'the service is marked for deletion',
  [WIN32.serviceExists]: 'the service exists already',
  [WIN32.shutdownInProgress]: 'Windows is shutting down',
};

/** `the service is disabled (error 1058)`. */
export const describeWin32 = (code: number): string => {
  const words = WORDS[code];
  return words === undefined ? `Windows error ${code}` : `${words} (error ${code})`;
};

/** A call that Windows refused. `code` is the Win32 error, `operation` the function, `object` what it was about. */
export class Win32Error extends Error {
  override readonly name = 'Win32Error';
  readonly code: number;
  readonly operation: string;
  readonly object: string;
  constructor(code: number, operation: string, object: string) {
    super(`${operation} ${object}: ${describeWin32(code)}`);
    this.code = code;
    this.operation = operation;
    this.object = object;
  }
}

export const isWin32 = (error: unknown, ...codes: readonly number[]): error is Win32Error =>
  error instanceof Win32Error && codes.includes(error.code);
