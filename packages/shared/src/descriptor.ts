/**
 * Security descriptors of what the agent keeps on Windows. Pure.
 * @see https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format
 */

/**
 * Owned by the administrators, open to LocalSystem and them alone, inheriting nothing; a folder hands the same down.
 * @param user SID that owns it instead, and is let in beside them.
 */
export const descriptorOf = (kind: 'file' | 'folder', user?: string): string => {
  const ace = (sid: string): string => `(A;${kind === 'folder' ? 'OICI' : ''};FA;;;${sid})`;
  const owner = user === undefined ? 'O:BAG:BA' : `O:${user}`;
  return `${owner}D:P${ace('SY')}${ace('BA')}${user === undefined ? '' : ace(user)}`;
};
