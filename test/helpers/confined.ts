/** What the fixture `worker-tries` has found out, as the supervisor's log has it. */
import type { Test } from 'tap';
import { readLog, workerExit } from './service-log.ts';

interface Tried {
  readonly process: string;
  readonly thread: string;
  readonly outside: string;
  readonly inside: string;
  /** Of its environment. */
  readonly names: readonly string[];
}

const DENIED = 'ERR_ACCESS_DENIED';

/** @param restricted whether its Node has a permission model */
export const assertConfined = (t: Test, data: string, restricted: boolean): void => {
  const tried = JSON.parse(workerExit(readLog(data))?.worker?.lastWords.at(-1) ?? '{}') as Partial<Tried>;
  t.equal(tried.inside, 'done', 'it may write where its data are');
  if (restricted) t.match(tried, { process: DENIED, thread: DENIED, outside: DENIED });
  else
    t.match(tried, { process: 'done', thread: 'done', outside: 'done' }, 'and this Node restricts nothing');
  const strange = tried.names?.filter((name) => /^(NODE_|LD_|SSL_|OPENSSL_|npm_)/i.test(name));
  t.same(strange, [], 'it has nothing of the environment that could turn it');
};
