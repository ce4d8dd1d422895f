/**
 * Every bound of the product, in milliseconds. They nest, and a test holds the inequalities:
 * WebSocket close < worker grace < kill and reap < what the platform allows (15 s for a stop, about 5 s at shutdown).
 */
export const TIMING = {
  /** SERVICE_STATUS.dwWaitHint of every pending state; longer than any single wait inside one, and than a hung stop. */
  transitionHint: 15_000,
  /** Spawn until the worker's hello. */
  workerHello: 9_000,
  /** Asking the worker to stop until it is killed. */
  stopGrace: 8_000,
  /** The same when Windows shuts down: it gives a service about 5 s (WaitToKillServiceTimeout). */
  shutdownGrace: 3_000,
  /** End of the pipe until the worker is killed: time for its real exit code to arrive. */
  exitGrace: 5_000,
  /** Between one kill and the next, should the first not have been seen to work. */
  killRetry: 1_500,
  /** Two kills at the most fit in here; part of the nesting, not a timer. */
  reap: 3_000,
  /** StopPending until Stopped: then the supervisor itself counts as hung, and the addon ends it. */
  stopBudget: 12_500,
  /** The same when Windows shuts down. */
  shutdownBudget: 4_600,
  /** For the notes of a supervisor that hangs, and again for the report of it: its end waits no longer for either. */
  hungStep: 1_000,
  /** Stopped until the addon ends a process that is still there. */
  endBudget: 4_000,
  /** The worker's exit until its stderr has been read to the end. */
  lastWords: 250,
  /** From the worker's event loop to the supervisor. */
  beat: 20_000,
  /** A stranger on the pipe has this long for a hello before it is turned away. */
  pipeHello: 2_000,
  /** The supervised worker's wait for its first line of stdin, and then for the pipe. */
  bootstrap: 8_000,
  /** Between two tries to come in at a pipe that others fill: there is no event for room. */
  pipeRetry: 20,
  /** The end of the pipe until the kernel's signal, where it was the supervisor's end: that one ends what the worker has started as well. */
  parentDeath: 500,
  /** Close frame sent until the socket is dropped, on a stop and at shutdown. */
  closeStop: 2_000,
  closeShutdown: 1_000,
  /** One whole enrolment request. */
  enroll: 15_000,
  /** DNS, TCP, the proxy, TLS, upgrade and welcome together. */
  connect: 15_000,
  /** One address of a host that has several, until the next is tried. */
  addressAttempt: 2_000,
  /** The machine's own proxy settings are asked until they count as silent. */
  systemProxy: 5_000,
  /** Heartbeat sent until its acknowledgement. */
  heartbeatAck: 10_000,
  /** The same for the heartbeat that asks whether a session has outlived a sleep or a change of addresses. */
  probeAck: 2_000,
  /** A credential that could not be stored is tried to be again. */
  storeRetry: 60_000,
  /** The supervisor reads the store for a worker that may not, before it tells that one anything: packages are loaded for it. */
  storeRead: 7_000,
  /** Such a worker's wait for the supervisor to have stored, or looked up, what it asked for. */
  storeAnswer: 5_000,
  /** A worker may ask for {@link STORE_REQUESTS} things of the store within so long. */
  storeWindow: 60_000,
  /** One request for the metrics. */
  metricsRequest: 5_000,
  /** Between two looks at the clocks and the addresses of the machine; a jump is what exceeds `clockJump`. */
  wakeLook: 5_000,
  clockJump: 10_000,
  /** The first connection after boot is made within so long. */
  bootSpread: 10_000,
  /** The first try after a loss by the machine's own network comes within so long. */
  blip: 2_000,
  /** After the second that the relay asked for: it can only name whole ones in HTTP. */
  slotSpread: 1_000,
  /** Refused for the second time until the next try, at the most; doubled with each of the next three. */
  refusedFirst: 10_000,
  /** Between two tries, 10 % more or less, with what the relay has refused {@link REFUSAL_TRIES} times. */
  refusedRetry: 3_600_000,
  /** First and longest backoff; the delay is drawn from zero to it (full jitter). */
  backoffFirst: 1_000,
  backoffCap: 60_000,
  /** Online this long, and the backoff starts from the beginning again. */
  stable: 60_000,
  /** Stopped reported until the dispatcher has returned; the process ends then, one way or the other. */
  dispatcherEnd: 2_000,
  /** Between two looks at a service that is pending or being deleted: check points and deletions have no event. */
  statePoll: 100,
  /** The least and the most patience with a pending service between two check points, whatever wait hint it gives. */
  hintLeast: 2_000,
  hintMost: 30_000,
  /** A service that is pending, with all its check points, until a tool calls it stuck. */
  settle: 60_000,
  /** TerminateProcess, or Stopped, until the service's process is gone. */
  hardEnd: 5_000,
  /** DeleteService until the service is gone. */
  deletion: 10_000,
  /** Between one try to create a service and the next while its predecessor is marked for deletion. */
  createRetry: 400,
  /** The note of a stop counts for so long: longer than recovery may have a restart queued (10 min). */
  stopNote: 900_000,
  /** `status` asks a supervisor until it counts as one that does not answer. */
  statusAnswer: 2_000,
  /** `start`, `restart` and `install`: Running until they report the link as it is. */
  onlineWait: 10_000,
  /** `doctor`: one look at the machine, of all the files of the program above all, until it counts as without an answer. */
  doctorLook: 30_000,
  /** `doctor`: the worker's program, started to try the way to the relay, until it is ended; two tries have room, one past a dead proxy. */
  probe: 35_000,
  /** `doctor --crash-drill`: the worker's end until the service is stopped. */
  drillEnd: 15_000,
  /** The service stopped until the SCM has started it: longer than the delay that answers the fifth failure. */
  drillRestart: 150_000,
  /** The service started until the agent is online. */
  drillOnline: 60_000,
  /** The configuration file's last change until it is read again: a writer has done with it by then, as a rule. */
  configSettle: 200,
  /** A watch that is of no more use until it is closed. */
  watchEnd: 100,
  /** A log's file that has been found by its name is taken for the one of that name for so long. */
  logName: 100,
  /** Between two tries to rotate a log: somebody may have it open. */
  logRotation: 10_000,
  /** The same once that has failed twice. */
  logRotationStuck: 600_000,
  /** `logs --follow` looks at the files at least this often: Windows tells of a change of an open one when it likes. */
  logLook: 1_000,
  /** What a worker writes to its stderr and lives on is in the log after so long, and again after so long at the earliest. */
  workerWords: 2_000,
  workerWordsAgain: 60_000,
  /** Not online for so long, while machine and worker are awake, and the Event Log hears of it. */
  offlineEvent: 300_000,
  /** Of each kind of event so many are written within so long as the limit says. */
  eventWindow: 3_600_000,
  /** The end of the service until what is not in the Event Log by then is given up: its own service may be gone, or hang. */
  eventLogEnd: 1_000,
  /** Everything is done, yet something keeps the event loop alive: leave anyway. */
  exitGuard: 100,
} as const;

/** Tries to create a service whose predecessor is marked for deletion, {@link TIMING.createRetry} apart. */
export const CREATE_TRIES = 5;
/** Refusals by 401 or 403 in a row until the tries become rare. */
export const REFUSAL_TRIES = 6;
/** More than an agent has reason to: one enrolment, its retries, a few changes of the relay. */
export const STORE_REQUESTS = 10;
/** Beats that may be missing in a row before the worker counts as hung. */
export const BEAT_MISSES = 1;
/** What `sc stop`, services.msc and installers wait for at the least. */
export const STOP_LIMIT = 15_000;
/** What Windows gives every service at shutdown by default. */
export const SHUTDOWN_LIMIT = 5_000;
