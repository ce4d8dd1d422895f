/** `proxy: "system"`: the proxy that Windows has for its services, asked for anew for each connection. */
import { type NativeProxy, loadWinHttp } from '@guruconnect/native';
import { type Clock, systemClock } from '@guruconnect/shared/clock';
import { isLoopback } from '@guruconnect/shared/config-urls';
import { TIMING } from '@guruconnect/shared/timing';
import { shareAnswers } from './dial.ts';
import { chooseProxy } from './proxy-list.ts';

/** The proxy of one connection, `undefined` where it goes directly. Rejects in words for a person, and with an abort. */
export type FindProxy = (signal: AbortSignal) => Promise<URL | undefined>;

/** What the machine's settings say of an `https://` URL; see {@link NativeProxy}. */
export type AskSystem = (url: string) => Promise<NativeProxy>;

const WHO = "the system's proxy settings";

/** By WinHTTP: `netsh winhttp set proxy`, else what the network names. Rejects off Windows, and without the addon. */
export const askWindows: AskSystem = async (url) => {
  const addon = loadWinHttp();
  if (addon === undefined) {
    throw new Error(`${WHO} cannot be asked for: the native addon is missing, or has no WinHTTP`);
  }
  return addon.winHttpProxy(url, true, TIMING.systemProxy);
};

/** No script is named on this network, which is how most are: that is an answer. */
const AUTODETECTION_FAILED = 12180;
const NO_ANSWER = `gave no answer within ${TIMING.systemProxy} ms`;

/** https://learn.microsoft.com/windows/win32/winhttp/error-messages and winerror.h */
const WORDS: Readonly<Record<number, string>> = {
  170: 'have not answered an earlier question yet',
  258: NO_ANSWER,
  12166: "cannot be used: the network's proxy script is bad",
  12167: "cannot be used: the network's proxy script cannot be fetched",
  12177: "cannot be used: the network's proxy script fails",
  12178: 'cannot be used: the WinHTTP auto-proxy service does not run',
};

const within = <T>(answer: Promise<T>, clock: Clock, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = clock.after(TIMING.systemProxy, () => {
      reject(new Error(`${WHO} ${NO_ANSWER}`));
    });
    const giveUp = (): void => {
      timer.cancel();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    void answer.then(resolve, reject).finally(() => {
      timer.cancel();
      signal.removeEventListener('abort', giveUp);
    });
  });

const read = ({ error, ...texts }: NativeProxy, relay: URL): URL | undefined => {
  if (error === AUTODETECTION_FAILED) return undefined;
  if (error !== 0) throw new Error(`${WHO} ${WORDS[error] ?? `cannot be had: Windows' error ${error}`}`);
  const choice = chooseProxy(texts, relay);
  if (choice.kind === 'unusable')
    throw new Error(`${WHO} name a proxy that is not host:port of an HTTP proxy`);
  return choice.kind === 'proxy' ? choice.url : undefined;
};

/**
 * A relay on this machine is reached directly, and nobody is asked. For any other an answer that fails, or does not come within
 * {@link TIMING.systemProxy}, is this connection's trouble: it goes directly only where the settings say so.
 */
export const createSystemProxy = (
  relay: URL,
  ask: AskSystem = askWindows,
  clock: Clock = systemClock,
): FindProxy => {
  // The addon refuses a second question beside one that was given up and is under way still: who comes meanwhile gets its answer.
  const askOnce = shareAnswers(ask);
  return async (signal) => {
    if (isLoopback(relay.hostname)) return undefined;
    // A network that names a script is told the relay's name, and not its path.
    return read(await within(askOnce(`https://${relay.host}/`), clock, signal), relay);
  };
};
