/** Who gets into the data folder, and at the secrets in it. Pure. */
import { type Verdict, failed, judgeKnown, ok, warning } from './check.ts';
import type { DoctorFacts } from './facts.ts';
import { INSTALL } from './registration.ts';

const TAKE_OVER = `look at what is in it, then ${INSTALL} with --take-over-data, or with another --data`;

/** Where there is no service to install, the folder is its user's. What others could write to is not closed without a look. */
const close = ({ status, folder }: DoctorFacts, path: string): string => {
  if (status.service.kind === 'no-scm') return `chmod go= ${path}`;
  return folder.kind === 'known' && folder.value.kind === 'unsafe'
    ? TAKE_OVER
    : '"guruconnect doctor --fix" as an administrator closes it';
};

export const judgeDataFolder = (facts: DoctorFacts): Verdict => {
  const { data } = facts.status;
  return judgeKnown(facts.folder, (folder) => {
    switch (folder.kind) {
      case 'closed':
        return ok(data);
      case 'missing':
        return warning(`${data} is not there`, `${INSTALL} makes it, and so does the first start`);
      case 'readable':
        return warning(`${folder.who} can look into ${data}`, close(facts, data));
      case 'unsafe':
        return failed(
          'others can change what is in the data folder, or put another one in its place',
          close(facts, data),
          folder.why,
        );
    }
  });
};

export const judgeStore = (facts: DoctorFacts): Verdict =>
  judgeKnown(facts.store, ({ files, open }) => {
    if (open !== undefined)
      return failed(`${open.who} can get at a secret of the agent's`, close(facts, open.path), open.path);
    return ok(files === 0 ? 'nothing is stored yet' : 'closed to others');
  });
