// `log-program.js ours|pino FILE`: writes lines at the rates that it is told, to the product's log or to pino's own file.
import { createLog } from '@guruconnect/shared/log';
import { pino } from 'pino';
import { pace } from '../ground/pace.ts';

export interface WriteLines {
  readonly kind: 'write';
  readonly perSecond: number;
  readonly ms: number;
}

const [, , whose = '', file = ''] = process.argv;
const log =
  whose === 'ours' ? createLog('bench', 'info', file) : pino(pino.destination({ dest: file, sync: true }));
process.on('message', ({ perSecond, ms }: WriteLines) => {
  let line = 0;
  void pace(perSecond, ms, () => {
    line += 1;
    log.info({ line, from: 'connecting', event: 'opened', to: 'online' }, 'link');
  }).then(() => process.send?.({ kind: 'written' }));
});
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
