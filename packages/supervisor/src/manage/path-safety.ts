/**
 * Whether somebody who is no administrator could change what LocalSystem is about to run: by the file itself, by what lies
 * beside it, or by exchanging a folder on the way to it. Pure but for the port that reads.
 */

/** An entry of a DACL, in Windows' numbers. @see https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-ace_header */
export interface AccessEntry {
  readonly type: number;
  readonly flags: number;
  readonly mask: number;
  /** As text: `S-1-5-18`. */
  readonly sid: string;
}

export interface FileSecurity {
  readonly owner: string;
  /** `undefined`: there is no DACL, and everybody may do everything. */
  readonly entries: readonly AccessEntry[] | undefined;
}

export type ReadSecurity = (path: string) => Promise<FileSecurity>;

/** LocalSystem, Administrators, TrustedInstaller. @see https://learn.microsoft.com/windows/win32/secauthz/well-known-sids */
const TRUSTED: ReadonlySet<string> = new Set([
  'S-1-5-18',
  'S-1-5-32-544',
  'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
]);

/** CREATOR OWNER and OWNER RIGHTS are about the owner, who is looked at anyway. */
const ABOUT_THE_OWNER: ReadonlySet<string> = new Set(['S-1-3-0', 'S-1-3-4']);

const NAMES: Readonly<Record<string, string>> = {
  'S-1-1-0': 'Everyone',
  'S-1-5-4': 'Interactive',
  'S-1-5-7': 'Anonymous',
  'S-1-5-11': 'Authenticated Users',
  'S-1-5-19': 'LocalService',
  'S-1-5-32-545': 'Users',
  'S-1-5-32-546': 'Guests',
  'S-1-5-32-547': 'Power Users',
};

const RIGHT = {
  readData: 0x1,
  writeData: 0x2,
  appendData: 0x4,
  deleteChild: 0x40,
  delete: 0x10000,
  writeDac: 0x40000,
  writeOwner: 0x80000,
  genericAll: 0x10000000,
  genericWrite: 0x40000000,
  genericRead: 0x80000000,
} as const;

const ALWAYS = RIGHT.delete | RIGHT.writeDac | RIGHT.writeOwner | RIGHT.genericAll | RIGHT.genericWrite;

/**
 * The rights that are one too many, by what the path is: the program, a folder that code is loaded from, one that secrets are
 * in, or a folder above any of them, in which a new file does no harm.
 */
const EXCESSIVE = {
  file: ALWAYS | RIGHT.writeData | RIGHT.appendData,
  'code-folder': ALWAYS | RIGHT.writeData | RIGHT.appendData | RIGHT.deleteChild,
  'secret-folder':
    ALWAYS | RIGHT.writeData | RIGHT.appendData | RIGHT.deleteChild | RIGHT.readData | RIGHT.genericRead,
  ancestor: ALWAYS | RIGHT.deleteChild,
} as const;

export type Role = keyof typeof EXCESSIVE;

/** ACCESS_ALLOWED and its compound, object and callback kinds; a denial more changes nothing that can be relied on. */
const ALLOWING: ReadonlySet<number> = new Set([0, 4, 5, 9, 11]);
const INHERIT_ONLY = 0x8;

const nameOf = (sid: string): string => NAMES[sid] ?? sid;

const isOneOf = (sids: readonly string[], sid: string): boolean => TRUSTED.has(sid) || sids.includes(sid);

/** Who, besides administrators and those who may, can change it; `undefined` where nobody can. @param may SIDs. */
export const intruder = (
  { owner, entries }: FileSecurity,
  role: Role,
  may: readonly string[] = [],
): string | undefined => {
  if (entries === undefined) return nameOf('S-1-1-0');
  if (!isOneOf(may, owner)) return nameOf(owner);
  const entry = entries.find(
    ({ type, flags, mask, sid }) =>
      ALLOWING.has(type) &&
      (flags & INHERIT_ONLY) === 0 &&
      (mask & EXCESSIVE[role]) !== 0 &&
      !isOneOf(may, sid) &&
      !ABOUT_THE_OWNER.has(sid),
  );
  return entry === undefined ? undefined : nameOf(entry.sid);
};

/** `C:\a\b` has `C:\a` and `C:\` above it. */
export const ancestorsOf = (path: string): readonly string[] => {
  const parent = path.replace(/\\[^\\]*$/, '');
  if (parent === path) return [];
  const folder = /^[A-Za-z]:$/.test(parent) ? `${parent}\\` : parent;
  return folder === path ? [] : [folder, ...ancestorsOf(folder)];
};

export interface Weakness {
  readonly path: string;
  readonly who: string;
}

/** What the service will run: every path absolute and without links. */
export interface CodePaths {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

const roles = ({ files, folders }: CodePaths): ReadonlyMap<string, Role> => {
  const all = new Map<string, Role>();
  for (const path of [...files, ...folders]) {
    for (const folder of ancestorsOf(path)) all.set(folder, 'ancestor');
  }
  // Whatever lies beside a program is code as well: a DLL is looked for there first.
  for (const path of files) all.set(ancestorsOf(path)[0] ?? path, 'code-folder');
  for (const path of folders) all.set(path, 'code-folder');
  for (const path of files) all.set(path, 'file');
  return all;
};

/** Enough for the four threads of the addon, and no queue of thousands. */
const AT_A_TIME = 8;

/** The outermost weak path: mending it may mend those below. @throws Win32Error where a path cannot be read. */
export const findWeakness = async (read: ReadSecurity, paths: CodePaths): Promise<Weakness | undefined> => {
  const sorted = [...roles(paths)].sort(([a], [b]) => a.length - b.length);
  for (let from = 0; from < sorted.length; from += AT_A_TIME) {
    const found = await Promise.all(
      sorted.slice(from, from + AT_A_TIME).map(async ([path, role]): Promise<Weakness | undefined> => {
        const who = intruder(await read(path), role);
        return who === undefined ? undefined : { path, who };
      }),
    );
    const weakness = found.find((one) => one !== undefined);
    if (weakness !== undefined) return weakness;
  }
  return undefined;
};
