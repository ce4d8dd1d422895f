/** A booted Windows with a relay to connect to and the meter at hand. */
import { randomBytes, randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventOf, type Relay, type RelayEvent, ofKind, startRelay } from '@guruconnect/relay';
import { type Meter, openMeter } from './meter.ts';
import { wine } from './programs.ts';

const EVENT_MS = 60_000;
const PROGRAM_MS = 120_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** 128 + SIGINT, as a shell has it. */
const INTERRUPTED = 130;

/** An event of the relay's, and when it was there: a moment of `performance.now()`. */
export interface Seen<K extends RelayEvent['kind']> {
  readonly event: EventOf<K>;
  readonly at: number;
}

export interface RelayWatch {
  readonly relay: Relay;
  readonly token: string;
  /** A place among the events: now. */
  mark(): number;
  /** The first of its kind from that place on. Rejects where none comes within a minute. */
  next<K extends RelayEvent['kind']>(kind: K, from: number): Promise<Seen<K>>;
  /** For a machine that is not the product's. */
  enrol(): Promise<{ readonly credential: string; readonly machineId: string }>;
}

export interface Laboratory {
  readonly meter: Meter;
  readonly watch: RelayWatch;
  /** A new folder. */
  folder(name: string): string;
  /** Runs a Windows program to its end; its output is given back. @throws Error unless it ends with 0. */
  run(program: string, ...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

const watchRelay = async (): Promise<RelayWatch> => {
  const token = randomBytes(16).toString('hex');
  const times = new WeakMap<RelayEvent, number>();
  const onEvent = (event: RelayEvent): void => void times.set(event, performance.now());
  const relay = await startRelay({ port: 0, enrollTokens: [token], onEvent });
  return {
    relay,
    token,
    mark: () => relay.events.length,
    next: async (kind, from) => {
      const event = await relay.waitFor(ofKind(kind), EVENT_MS, from);
      return { event, at: times.get(event) ?? NaN };
    },
    enrol: async () => {
      const machineId = randomUUID();
      const body = JSON.stringify({ machineId, hostname: 'bench', platform: 'win32', agentVersion: '0' });
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const url = `${relay.url.replace(/^ws/, 'http')}/v1/enroll`;
      const answer = await fetch(url, { method: 'POST', headers, body });
      if (answer.status !== 201) throw new Error(`the relay does not enrol: ${answer.status}`);
      const { credential } = (await answer.json()) as { credential: string };
      return { credential, machineId };
    },
  };
};

const runProgram = (prefix: string, program: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn('wine', [program, ...args], {
      env: wine.wineEnvironment(prefix),
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: PROGRAM_MS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject).once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${String(code)}: ${output}`));
    });
  });

/** Boots a prefix of its own, which is gone after `close` and at the latest with this process. */
export const openLaboratory = async (): Promise<Laboratory> => {
  const scratch = mkdtempSync(join(tmpdir(), 'guruconnect-bench-'));
  const prefix = join(scratch, 'prefix');
  const abandon = (): void => {
    wine.killPrefixNow(prefix);
    rmSync(scratch, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  // Without them a signal is the end at once, and Wine's server and the services would stay.
  const leave = (): void => process.exit(INTERRUPTED);
  for (const signal of SIGNALS) process.once(signal, leave);
  await wine.bootPrefix(prefix);
  const meter = openMeter(prefix);
  const watch = await watchRelay();
  return {
    meter,
    watch,
    folder: (name) => mkdtempSync(join(scratch, `${name}-`)),
    run: (program, ...args) => runProgram(prefix, program, args),
    close: async () => {
      await meter.close();
      await watch.relay.close();
      await wine.killPrefix(prefix);
      process.off('exit', abandon);
      for (const signal of SIGNALS) process.off(signal, leave);
      rmSync(scratch, { recursive: true, force: true });
    },
  };
};
