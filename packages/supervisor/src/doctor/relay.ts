/** What the relay answers to somebody without a credential, and what the agent's own link says. Pure. */
import type { ProbeStep } from '@guruconnect/shared/probe-protocol';
import { formatDuration, formatRoundTrip } from '../duration.ts';
import { silence, trustedLive } from '../manage/status-verdict.ts';
import { type Verdict, failed, ok, skipped, warning } from './check.ts';
import type { DoctorFacts } from './facts.ts';
import { judgeTries } from './network.ts';

type Answered = Extract<ProbeStep, { readonly kind: 'answered' }>;

const SERVER_ERROR = 500;
const WRONG_PLACE = 'is the URL of the relay right ("guruconnect config check")?';

const STRANGER = 'something else than the relay refuses: a filter on the way, or another server';

/** By status; docs/relay-protocol.md says what a relay answers, the others are somebody else's. */
const judgeAnswer = ({ status, ours }: Answered): Verdict => {
  const said = `answered with status ${status}`;
  switch (status) {
    case 401:
      return ours === true
        ? ok('answers, and lets nobody in without a credential')
        : warning(
            STRANGER,
            `${WRONG_PLACE} Does a filter or a proxy want a log-in?`,
            `${said}, and not in the relay's name`,
          );
    case 403:
      return warning(STRANGER, `${WRONG_PLACE} Does a filter forbid it?`, said);
    case 426:
      return failed(
        'something on the way takes the WebSocket out of the request',
        'let the upgrade through at the proxy or load balancer in front of the relay',
        said,
      );
    case 429:
    case 503:
      return warning('the relay is busy, or restarting', 'wait: the agent comes back by itself', said);
    case 404:
    case 405:
      return failed('what answers there is no relay of ours', WRONG_PLACE, said);
    case 101:
      return warning(
        'what answers lets in whoever comes',
        `${WRONG_PLACE} A relay asks for a credential`,
        said,
      );
    default:
      return status >= SERVER_ERROR
        ? failed('the relay, or what stands in front of it, is broken', 'look at the relay', said)
        : failed(
            'what answers is no relay of ours: a portal that wants a log-in, a filter',
            `${WRONG_PLACE} Does the network ask for a log-in in a browser?`,
            said,
          );
  }
};

export const judgeRelay = (facts: DoctorFacts): Verdict =>
  judgeTries(facts, ({ last }) => {
    if (last.answered !== undefined) return judgeAnswer(last.answered);
    return last.failure?.at === 'relay'
      ? failed(
          'the relay was reached, and gave no answer',
          'look at the relay: is it overloaded?',
          last.failure.why,
        )
      : skipped('it did not come to that');
  });

/** Shorter than this the link may just be on its way. */
const PATIENCE_MS = 60_000;

const ageOf = (since: string | undefined, now: number): number | undefined =>
  since === undefined ? undefined : Math.max(0, now - Date.parse(since));

const forWords = (age: number | undefined): string =>
  age === undefined ? '' : ` for ${formatDuration(age)}`;

export const judgeLink = ({ status, now }: DoctorFacts): Verdict => {
  const live = trustedLive(status);
  const trouble = silence(status);
  if (trouble !== undefined && status.live.kind !== 'denied')
    return failed(
      'the supervisor does not tell how its link is',
      '"guruconnect restart" if it stays so',
      trouble,
    );
  if (status.live.kind === 'denied') return skipped(trouble ?? 'denied');
  if (live === undefined) return skipped('no supervisor runs for this data folder');
  const { link, note } = live;
  const age = ageOf(link?.since, now);
  if (link?.state === 'online') {
    const roundTrip =
      link.roundTripMs === undefined ? '' : `, round trip ${formatRoundTrip(link.roundTripMs)}`;
    return ok(`online${forWords(age)}${roundTrip}`);
  }
  const what = `the agent is not online${forWords(age)}`;
  const why = note ?? link?.trouble;
  return (age ?? 0) < PATIENCE_MS
    ? warning(what, 'wait a moment, and look again', why)
    : failed(what, 'what has failed above comes first; else look at the log of the worker', why);
};
