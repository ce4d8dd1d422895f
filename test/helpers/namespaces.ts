/** Two network namespaces of Linux's with a cable between them: a network that a test may break. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Test } from 'tap';

const ip = (...args: readonly string[]) => spawnSync('ip', args, { encoding: 'utf8' });

const must = (...args: readonly string[]): void => {
  const { status, stderr } = ip(...args);
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
};

const whyNot = (): string | false => {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  if (process.getuid?.() !== 0) return 'network namespaces want root';
  const name = `gc-probe-${process.pid}`;
  const { error, status, stderr } = ip('netns', 'add', name);
  if (error !== undefined) return 'ip is not installed (apt-get install iproute2)';
  ip('netns', 'delete', name);
  return status === 0 ? false : `no network namespace can be made: ${stderr.trim()}`;
};

const why = whyNot();
/** A machine that is a container without the right to make them: nothing that the tests' user could mend. */
const isForbidden = typeof why === 'string' && why.startsWith('no network namespace can be made');

/** For tap: why the tests of a broken network cannot run. */
export const NAMESPACES = { skip: isForbidden ? false : why };
/** Said in their place where this machine makes no namespaces; `undefined` where it does. */
export const NOT_CHECKED = isForbidden ? `not checked: broken networks: ${why}` : undefined;

/** At both ends of the cable, each the address of its side. */
export const RELAY = { v4: '10.99.0.1', v6: 'fd00:99::1', mac: '02:00:00:00:00:01' } as const;
export const WORKER = { v4: '10.99.0.2', v6: 'fd00:99::2', mac: '02:00:00:00:00:02' } as const;

export interface Side {
  /** What a program is started by, to live on this side. */
  readonly by: readonly string[];
  /** Queueing discipline of all that leaves here; without one the usual. @returns whether the kernel knows it */
  shape(...discipline: readonly string[]): boolean;
  /** Runs `ip` here. */
  ip(...args: readonly string[]): void;
}

let made = 0;

const createSide = (t: Test, what: string): Side & { readonly name: string } => {
  const name = `gc-${what}-${process.pid}-${made++}`;
  must('netns', 'add', name);
  t.teardown(() => ip('netns', 'delete', name));
  must('-n', name, 'link', 'set', 'lo', 'up');
  const tc = (...args: readonly string[]) => spawnSync('ip', ['netns', 'exec', name, 'tc', 'qdisc', ...args]);
  return {
    name,
    by: ['ip', 'netns', 'exec', name],
    shape: (...discipline) => {
      tc('delete', 'dev', 'eth0', 'root');
      return discipline.length === 0 || tc('add', 'dev', 'eth0', 'root', ...discipline).status === 0;
    },
    ip: (...args) => {
      must('-n', name, ...args);
    },
  };
};

/** `hosts` are lines of the worker's own /etc/hosts. Everything goes with the test. */
export const createNetwork = (t: Test, hosts: readonly string[] = []) => {
  const relay = createSide(t, 'relay');
  const worker = createSide(t, 'worker');
  const peer = ['peer', 'name', 'eth0', 'address', WORKER.mac, 'netns', worker.name];
  must('link', 'add', 'eth0', 'address', RELAY.mac, 'netns', relay.name, 'type', 'veth', ...peer);
  for (const [side, { v4, v6 }] of [
    [relay, RELAY],
    [worker, WORKER],
  ] as const) {
    side.ip('address', 'add', `${v4}/24`, 'dev', 'eth0');
    side.ip('address', 'add', `${v6}/64`, 'dev', 'eth0', 'nodad');
    side.ip('link', 'set', 'eth0', 'up');
  }
  // `ip netns exec` puts what is there in the place of /etc's.
  const etc = `/etc/netns/${worker.name}`;
  t.teardown(() => {
    rmSync(etc, { recursive: true, force: true });
  });
  mkdirSync(etc, { recursive: true });
  writeFileSync(`${etc}/hosts`, ['127.0.0.1 localhost', ...hosts, ''].join('\n'));
  return {
    relay,
    worker,
    /** From now on every packet is lost, and nobody is told. */
    cut: (): void => {
      for (const side of [relay, worker]) {
        if (!side.shape('blackhole')) throw new Error('the kernel knows no blackhole');
      }
    },
    heal: (): void => {
      for (const side of [relay, worker]) side.shape();
    },
  };
};
