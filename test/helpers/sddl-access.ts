/**
 * What a DACL grants, evaluated as Windows does. Pure.
 * @see https://learn.microsoft.com/windows/win32/secauthz/how-dacls-control-access-to-an-object
 * @see https://learn.microsoft.com/windows/win32/secauthz/ace-strings
 */

const FILE_ALL_ACCESS = 0x1f01ff;
const FILE_GENERIC_READ = 0x120089;
const FILE_GENERIC_WRITE = 0x120116;
const FILE_GENERIC_EXECUTE = 0x1200a0;

/** Two letters each; those that a descriptor of a pipe may have. */
const RIGHTS: Readonly<Record<string, number>> = {
  ...{ GA: FILE_ALL_ACCESS, GR: FILE_GENERIC_READ, GW: FILE_GENERIC_WRITE, GX: FILE_GENERIC_EXECUTE },
  ...{ FA: FILE_ALL_ACCESS, FR: FILE_GENERIC_READ, FW: FILE_GENERIC_WRITE, FX: FILE_GENERIC_EXECUTE },
  ...{ RC: 0x20000, SD: 0x10000, WD: 0x40000, WO: 0x80000 },
};

/** Of a pipe: reading, writing, and to be a server of the same name. */
const PIPE_RIGHTS = { read: 0x1, write: 0x2, createInstance: 0x4 } as const;
export type PipeRight = keyof typeof PIPE_RIGHTS;

const maskOf = (text: string): number => {
  if (/^0x/i.test(text)) return Number.parseInt(text, 16);
  const names = text.match(/../g) ?? [];
  return names.reduce((mask, name) => {
    const right = RIGHTS[name];
    if (right === undefined) throw new Error(`unknown right: ${name}`);
    return mask | right;
  }, 0);
};

interface Ace {
  readonly type: string;
  readonly mask: number;
  readonly sid: string;
}

const acesOf = (sddl: string): readonly Ace[] | undefined => {
  const dacl = /D:([A-Z_]*)((?:\([^)]*\))*)/.exec(sddl);
  if (dacl === null || dacl[1]?.includes('NO_ACCESS_CONTROL')) return undefined;
  return [...(dacl[2] ?? '').matchAll(/\(([^)]*)\)/g)].map(([, ace = '']) => {
    const [type = '', , rights = '', , , sid = ''] = ace.split(';');
    return { type, mask: maskOf(rights), sid };
  });
};

/**
 * @param token every SID that the caller is or is a member of, spelled as the descriptor does.
 * @returns what it may do; everything where there is no DACL, nothing where that is empty.
 */
export const accessOf = (sddl: string, token: readonly string[]): readonly PipeRight[] => {
  const all = Object.keys(PIPE_RIGHTS) as PipeRight[];
  const aces = acesOf(sddl);
  if (aces === undefined) return all;
  let [granted, denied] = [0, 0];
  for (const { type, mask, sid } of aces) {
    if (!token.includes(sid)) continue;
    // What an earlier ACE has decided stays so.
    if (type === 'A') granted |= mask & ~denied;
    else if (type === 'D') denied |= mask & ~granted;
    else throw new Error(`unknown kind of ACE: ${type}`);
  }
  return all.filter((right) => (granted & PIPE_RIGHTS[right]) !== 0);
};

/** Who may come: the SIDs of their tokens, as far as a descriptor could name them. */
export const CALLERS = {
  'a standard user': ['S-1-5-21-9-9-9-1001', 'BU', 'IU', 'AU', 'WD'],
  Everyone: ['WD'],
  anonymous: ['AN'],
  'the network': ['S-1-5-21-9-9-9-1001', 'NU', 'BU', 'AU', 'WD'],
  LocalService: ['LS', 'SU', 'AU', 'BU', 'WD'],
  administrators: ['S-1-5-21-9-9-9-500', 'BA', 'BU', 'IU', 'AU', 'WD'],
  LocalSystem: ['SY', 'BA', 'AU', 'WD'],
} as const;

/** What everyone of them may do. */
export const accessTable = (sddl: string): Readonly<Record<string, readonly PipeRight[]>> =>
  Object.fromEntries(Object.entries(CALLERS).map(([who, token]) => [who, accessOf(sddl, token)]));

/**
 * What a pipe has that is made without a descriptor, as libuv's are: full control for LocalSystem, administrators and the creator, read
 * access for Everyone and the anonymous account.
 * @see https://learn.microsoft.com/windows/win32/ipc/named-pipe-security-and-access-rights
 */
export const DEFAULT_PIPE = 'D:(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;CO)(A;;FR;;;WD)(A;;FR;;;AN)';
