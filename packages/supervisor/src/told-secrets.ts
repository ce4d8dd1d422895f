/** What must not be told of what a worker has said: the enrolment token, and a proxy, which may have a password in it. */
import type { AgentOptions } from '@guruconnect/shared/config';
import { SYSTEM_PROXY } from '@guruconnect/shared/system-proxy';
import { peekConfig } from './config-peek.ts';

/** @param options with what was in the environment. They are looked for in the file as well, as it is now. */
export const toldSecrets = (options: AgentOptions): readonly string[] => {
  const { enrollToken, proxy } = peekConfig(options).content;
  return [options.enrollToken, options.proxy, enrollToken, proxy].filter(
    (secret) => typeof secret === 'string' && secret !== SYSTEM_PROXY,
  ) as string[];
};
