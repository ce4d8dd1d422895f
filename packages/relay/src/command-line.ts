import { BlockList, isIPv6 } from 'node:net';
import { parseArgs } from 'node:util';

export const USAGE =
  'usage: node packages/relay/dist/main.js [--port N] [--host H] [--token T] [--allow-remote] [--help]';

/** What the program was asked for. `port` 0 is a free one; `token` undefined asks for a generated one. */
export type CommandLine =
  | { readonly kind: 'run'; readonly port: number; readonly host: string; readonly token?: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage-error'; readonly why: string };

/** Reads the arguments (those after the script). Never throws; `why` is one line. */
export const parseCommandLine = (args: readonly string[]): CommandLine => {
  try {
    return judge(parse(args));
  } catch (error) {
    // parseArgs explains an unknown option over several sentences; the first says it.
    const [why = 'bad arguments'] = (error as Error).message.split(/[\n.] ?/, 1);
    return { kind: 'usage-error', why };
  }
};

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      token: { type: 'string' },
      'allow-remote': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;

const judge = (values: ReturnType<typeof parse>): CommandLine => {
  const { port, host, token } = values;
  if (values.help) return { kind: 'help' };
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    return { kind: 'usage-error', why: '--port: an integer from 0 to 65535 is wanted' };
  }
  // The characters of a bearer token (RFC 6750 section 2.1); none of them needs quoting in a shell.
  if (token !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._~+/-]*=*$/.test(token)) {
    return {
      kind: 'usage-error',
      why: '--token: letters, digits and ._~+/- are wanted, a letter or digit first',
    };
  }
  if (!isLoopback(host) && !values['allow-remote']) {
    return {
      kind: 'usage-error',
      why: `--host ${JSON.stringify(host)} is not loopback, and the relay has no TLS: add --allow-remote to insist`,
    };
  }
  return { kind: 'run', port: Number(port), host, ...(token === undefined ? {} : { token }) };
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** True for 127.0.0.0/8, ::1 and `localhost`; another name could resolve to anything. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
