// The worker's end.
import { joinSupervisor, readBootstrap } from '@guruconnect/worker/supervisor-pipe';
import { QUESTION, askOnCommand } from './question.ts';

const pipe = await joinSupervisor(await readBootstrap(process.stdin));
askOnCommand(() => pipe.ask(QUESTION));
