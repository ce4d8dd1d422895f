// A worker that says hello and waits to be ended.
import { joinSupervisor, readBootstrap } from '@guruconnect/worker/supervisor-pipe';

await joinSupervisor(await readBootstrap(process.stdin));
