/** Every secret that this machine is known to keep, so that each can be looked for in what leaves it. Pure. */
import type { ConfigSources } from '@guruconnect/shared/config';
import { variable } from '@guruconnect/shared/environment';
import { optionOf, splitCommandLine } from '../manage/command-line.ts';

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** As it is meant; what is encoded badly was meant as it stands. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * A proxy's password, as it is written and as it is meant, and with the user, as Basic has them. A user by itself is no secret
 * (it may be part of any word of a log), but where it is all there is: then it is a key.
 */
const secretsOfProxy = (proxy: string): readonly string[] => {
  if (!URL.canParse(proxy)) return proxy.includes('@') ? [proxy] : [];
  const { username, password } = new URL(proxy);
  if (username === '' && password === '') return [];
  const [user, word] = [decoded(username), decoded(password)];
  const alone = password === '' ? [username, user] : [password, word];
  return [proxy, `${username}:${password}`, `${user}:${word}`, ...alone];
};

/**
 * Of file, environment and flags, whichever of them counts.
 * @param credentials as the store has them, former ones as well.
 * @param imagePath of the installed service: its arguments are flags, too.
 */
export const knownSecrets = (
  { flags, env, file }: ConfigSources,
  credentials: readonly string[],
  imagePath = '',
): readonly string[] => {
  const args = splitCommandLine(imagePath);
  const tokens = [
    flags.enrollToken,
    variable(env, 'enrollToken'),
    file?.content['enrollToken'],
    optionOf(args, 'enroll-token'),
  ];
  const proxies = [flags.proxy, variable(env, 'proxy'), file?.content['proxy'], optionOf(args, 'proxy')];
  const all = [...credentials, ...tokens, ...proxies.filter(isText).flatMap(secretsOfProxy)];
  return [...new Set(all.filter(isText))];
};
