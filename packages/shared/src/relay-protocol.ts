/**
 * What the agent and the relay say to each other, version 1: `docs/relay-protocol.md` is the text, this is the schema
 * that both ends validate with. Everything that arrives is untrusted: use {@link parseAgentMessage},
 * {@link parseRelayMessage} and the `v.safeParse` of the HTTP bodies, never a cast.
 */
import * as v from 'valibot';

/**
 * WebSocket sub-protocols (RFC 6455 section 1.9) that this version speaks, the best one first. The agent offers them all,
 * the relay takes the best one that it speaks as well: that is how versions are negotiated.
 */
export const SUBPROTOCOLS = ['guruconnect.agent.v1'] as const;
export type Subprotocol = (typeof SUBPROTOCOLS)[number];
/** Path of the enrolment endpoint, relative to the relay's origin. */
export const ENROLL_PATH = '/v1/enroll';
/** Path of the session endpoint, relative to the relay's origin. */
export const SESSION_PATH = '/v1/agent';
/** Longest message either end accepts, in bytes; a longer one closes the session with 1009. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
/** What an end keeps for a peer that does not read, in bytes, before it drops the session. */
export const MAX_BUFFERED_BYTES = 1024 * 1024;
/** Longest interval between heartbeats, in milliseconds. */
export const MAX_HEARTBEAT_MS = 30_000;
/** The longest that a relay may have an agent wait, in milliseconds. */
export const MAX_SLOT_MS = 3_600_000;
/** Longest HTTP body either end accepts, in bytes. */
export const MAX_BODY_BYTES = 16 * 1024;

/**
 * Close codes and their reasons. 1000-1015 are RFC 6455 section 7.4.1 and the IANA registry, 4000-4999 are private use.
 * `superseded`: the same credential opened a newer session. `revoked`: the credential is no longer valid.
 */
export const CLOSE = {
  serviceStop: { code: 1001, reason: 'service stop' },
  shutdown: { code: 1001, reason: 'system shutdown' },
  reconfigured: { code: 1001, reason: 'reconfigured' },
  protocolError: { code: 1002, reason: 'protocol error' },
  binary: { code: 1003, reason: 'text frames only' },
  badMessage: { code: 1007, reason: 'bad message' },
  tooBig: { code: 1009, reason: 'message too big' },
  relayRestart: { code: 1012, reason: 'relay restart' },
  tryLater: { code: 1013, reason: 'try again later' },
  heartbeatLost: { code: 4000, reason: 'heartbeat lost' },
  superseded: { code: 4001, reason: 'superseded' },
  revoked: { code: 4003, reason: 'credential revoked' },
} as const satisfies Record<string, { code: number; reason: string }>;

const shortText = v.pipe(v.string(), v.maxLength(256));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** `cak_` and 32 to 128 characters of base64url: the machine's credential. */
export const Credential = v.pipe(v.string(), v.regex(/^cak_[A-Za-z0-9_-]{32,128}$/));

/** What a machine says of its hardware and system; all of it for people, none of it for decisions. */
const Machine = v.object({
  /** Name and edition of the operating system. */
  os: v.optional(shortText),
  arch: v.optional(shortText),
  cpu: v.optional(shortText),
  /** Logical processors. */
  cpus: v.optional(count),
  memoryBytes: v.optional(count),
  manufacturer: v.optional(shortText),
  model: v.optional(shortText),
  /** IANA name. */
  timeZone: v.optional(shortText),
  bootedAt: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  nodeVersion: v.optional(shortText),
});
export type Machine = v.InferOutput<typeof Machine>;

const MACHINE_FACTS = {
  /** A UUID that the agent keeps for the life of the installation. */
  machineId: v.pipe(v.string(), v.uuid()),
  hostname: shortText,
  platform: shortText,
  agentVersion: shortText,
  machine: v.optional(Machine),
} as const;

/** What is told of the machine when it enrols and with every session. */
export const MachineFacts = v.object(MACHINE_FACTS);
export type MachineFacts = v.InferOutput<typeof MachineFacts>;

/**
 * Why a machine enrols. `other-relay`: its credential is of another one. `damaged`: its file cannot be understood.
 * `cloned`: it was made for another machine, whose disk this is a copy of. `refused`: the relay did not take it any more.
 */
export const ENROLL_REASONS = ['first', 'other-relay', 'damaged', 'cloned', 'refused'] as const;
export type EnrollReason = (typeof ENROLL_REASONS)[number];

/** Body of `POST /v1/enroll`. */
export const EnrollRequest = v.object({
  ...MACHINE_FACTS,
  reason: v.optional(v.picklist(ENROLL_REASONS)),
  /** Of a clone: the machine that it is a copy of. */
  formerMachineId: v.optional(v.pipe(v.string(), v.uuid())),
});
export type EnrollRequest = v.InferOutput<typeof EnrollRequest>;

/** Body of its answer, `201 Created`. */
export const EnrollResponse = v.object({ agentId: shortText, credential: Credential });
export type EnrollResponse = v.InferOutput<typeof EnrollResponse>;

/** Something that the agent went through: a state of its service, or of its link. */
export const Episode = v.object({ at: v.pipe(v.string(), v.isoTimestamp()), what: shortText });
export type Episode = v.InferOutput<typeof Episode>;

/** How the agent ended last time, where nobody had asked it to. */
export const LastWords = v.object({
  /** A stable name: `exited`, `heap`, `hung-busy`, `no-credential`, … */
  reason: shortText,
  at: v.pipe(v.string(), v.isoTimestamp()),
  exitCode: v.optional(v.pipe(v.number(), v.safeInteger())),
  signal: v.optional(shortText),
  /** The last lines that it wrote, the oldest first, without secrets. */
  lines: v.pipe(v.array(v.pipe(v.string(), v.maxLength(1024))), v.maxLength(20)),
  /** Milliseconds from its start to its end. */
  livedMs: v.optional(count),
  /** What it went through last, the oldest first, without secrets. */
  history: v.optional(v.pipe(v.array(Episode), v.maxLength(20))),
});
export type LastWords = v.InferOutput<typeof LastWords>;

const Hello = v.object({
  kind: v.literal('hello'),
  ...MACHINE_FACTS,
  /** The credential was made for another machine, or this one has changed; there is no token to enrol again with. */
  clone: v.optional(v.boolean()),
  /** Why the session before this one ended, in words. */
  lost: v.optional(shortText),
  lastWords: v.optional(LastWords),
});
const Heartbeat = v.object({ kind: v.literal('heartbeat'), seq: count });
const Status = v.object({
  kind: v.literal('status'),
  id: count,
  uptimeMs: count,
  reconnects: count,
  roundTripMs: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  /** Upgrades and enrolments that were refused with 401 or 403, since the agent started; so are the next two. */
  authFailures: v.optional(count),
  /** Messages of a kind that the agent does not know. */
  unknownMessages: v.optional(count),
});
/** Answers `session.open`. Of this version the reason is always the same: it captures nothing. */
export const SESSION_REFUSAL = 'session-0-no-capture';
const SessionRefused = v.object({
  kind: v.literal('session.refused'),
  id: count,
  reason: v.literal(SESSION_REFUSAL),
});

/** Agent to relay. `hello` is the first message of a session; `status` answers `status-request` by `id`. */
export const AgentMessage = v.variant('kind', [Hello, Heartbeat, Status, SessionRefused]);
export type AgentMessage = v.InferOutput<typeof AgentMessage>;

const Welcome = v.object({
  kind: v.literal('welcome'),
  sessionId: shortText,
  /** How often the agent is to send `heartbeat`, in milliseconds, 1 s to 30 s: a dead link is noticed within 45 s. */
  heartbeatMs: v.pipe(v.number(), v.integer(), v.minValue(1000), v.maxValue(MAX_HEARTBEAT_MS)),
  /**
   * Over how long the whole fleet has to spread its return, in milliseconds up to 1 h: agents over sessions per second.
   * Used after every loss that looks like the relay's.
   */
  reconnectWindowMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_SLOT_MS))),
});
const HeartbeatAck = v.object({ kind: v.literal('heartbeat-ack'), seq: count });
const StatusRequest = v.object({ kind: v.literal('status-request'), id: count });
/** A request for a remote session; what else it says is of a later version. */
const SessionOpen = v.object({ kind: v.literal('session.open'), id: count });

/** Relay to agent. `welcome` answers `hello`: the session is online from then on. */
export const RelayMessage = v.variant('kind', [Welcome, HeartbeatAck, StatusRequest, SessionOpen]);
export type RelayMessage = v.InferOutput<typeof RelayMessage>;

/** `unknown` is a well-formed message of a kind this version does not know: ignored and counted, never an error. */
export type Parsed<M> =
  M | { readonly kind: 'unknown' } | { readonly kind: 'malformed'; readonly why: string };

/** By hand: every message passes here, and nearly every one is judged as a whole right after it. */
const kindOf = (data: unknown): string | undefined => {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return undefined;
  return typeof data.kind === 'string' ? data.kind : undefined;
};

const parse =
  <M extends { kind: string }>(schema: v.GenericSchema<unknown, M>, kinds: ReadonlySet<string>) =>
  (text: string): Parsed<M> => {
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch {
      return { kind: 'malformed', why: 'not JSON' };
    }
    const kind = kindOf(data);
    if (kind === undefined) return { kind: 'malformed', why: 'no "kind"' };
    if (!kinds.has(kind)) return { kind: 'unknown' };
    const message = v.safeParse(schema, data);
    if (message.success) return message.output;
    const issue = message.issues[0];
    return { kind: 'malformed', why: `${v.getDotPath(issue) ?? kind}: ${issue.type}` };
  };

const kindsOf = ({
  options,
}: {
  readonly options: readonly { readonly entries: { readonly kind: { readonly literal: string } } }[];
}): ReadonlySet<string> => new Set(options.map(({ entries }) => entries.kind.literal));

/** One text frame from an agent. Never throws; the reason never quotes the frame. */
export const parseAgentMessage = parse(AgentMessage, kindsOf(AgentMessage));
/** One text frame from a relay. Never throws; the reason never quotes the frame. */
export const parseRelayMessage = parse(RelayMessage, kindsOf(RelayMessage));
