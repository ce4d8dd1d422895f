/**
 * What the agent and the relay say to each other, version 1: `docs/relay-protocol.md` is the text, this is the schema
 * that both ends validate with. Everything that arrives is untrusted: use {@link parseAgentMessage},
 * {@link parseRelayMessage} and the `v.safeParse` of the HTTP bodies, never a cast.
 */
import * as v from 'valibot';

/** WebSocket sub-protocol (RFC 6455 section 1.9) of version 1. */
export const SUBPROTOCOL = 'guruconnect.agent.v1';
/** Path of the enrolment endpoint, relative to the relay's origin. */
export const ENROLL_PATH = '/v1/enroll';
/** Path of the session endpoint, relative to the relay's origin. */
export const SESSION_PATH = '/v1/agent';
/** Longest message either end accepts, in bytes; a longer one closes the session with 1009. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
/** What an end keeps for a peer that does not read, in bytes, before it drops the session. */
export const MAX_BUFFERED_BYTES = 1024 * 1024;
/** Longest HTTP body either end accepts, in bytes. */
export const MAX_BODY_BYTES = 16 * 1024;

/**
 * Close codes and their reasons. 1000-1015 are RFC 6455 section 7.4.1 and the IANA registry, 4000-4999 are private use.
 * `superseded`: the same credential opened a newer session. `revoked`: the credential is no longer valid.
 */
export const CLOSE = {
  serviceStop: { code: 1001, reason: 'service stop' },
  shutdown: { code: 1001, reason: 'system shutdown' },
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

/** Body of `POST /v1/enroll`. `machineId` is a UUID that the agent keeps for the life of the installation. */
export const EnrollRequest = v.object({
  machineId: v.pipe(v.string(), v.uuid()),
  hostname: shortText,
  platform: shortText,
  agentVersion: shortText,
});
export type EnrollRequest = v.InferOutput<typeof EnrollRequest>;

/** Body of its answer, `201 Created`. */
export const EnrollResponse = v.object({ agentId: shortText, credential: Credential });
export type EnrollResponse = v.InferOutput<typeof EnrollResponse>;

const Hello = v.object({
  kind: v.literal('hello'),
  machineId: v.pipe(v.string(), v.uuid()),
  hostname: shortText,
  platform: shortText,
  agentVersion: shortText,
});
const Heartbeat = v.object({ kind: v.literal('heartbeat'), seq: count });
const Status = v.object({
  kind: v.literal('status'),
  id: count,
  uptimeMs: count,
  reconnects: count,
  roundTripMs: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
});

/** Agent to relay. `hello` is the first message of a session; `status` answers `status-request` by `id`. */
export const AgentMessage = v.variant('kind', [Hello, Heartbeat, Status]);
export type AgentMessage = v.InferOutput<typeof AgentMessage>;

const Welcome = v.object({
  kind: v.literal('welcome'),
  sessionId: shortText,
  /** How often the agent is to send `heartbeat`, in milliseconds, 1 s to 5 min. */
  heartbeatMs: v.pipe(v.number(), v.integer(), v.minValue(1000), v.maxValue(300_000)),
});
const HeartbeatAck = v.object({ kind: v.literal('heartbeat-ack'), seq: count });
const StatusRequest = v.object({ kind: v.literal('status-request'), id: count });

/** Relay to agent. `welcome` answers `hello`: the session is online from then on. */
export const RelayMessage = v.variant('kind', [Welcome, HeartbeatAck, StatusRequest]);
export type RelayMessage = v.InferOutput<typeof RelayMessage>;

/** `unknown` is a well-formed message of a kind this version does not know: ignored and counted, never an error. */
export type Parsed<M> =
  M | { readonly kind: 'unknown' } | { readonly kind: 'malformed'; readonly why: string };

const Envelope = v.object({ kind: v.string() });

const parse =
  <M extends { kind: string }>(schema: v.GenericSchema<unknown, M>, kinds: ReadonlySet<string>) =>
  (text: string): Parsed<M> => {
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch {
      return { kind: 'malformed', why: 'not JSON' };
    }
    const envelope = v.safeParse(Envelope, data);
    if (!envelope.success) return { kind: 'malformed', why: 'no "kind"' };
    if (!kinds.has(envelope.output.kind)) return { kind: 'unknown' };
    const message = v.safeParse(schema, data);
    if (message.success) return message.output;
    const issue = message.issues[0];
    return { kind: 'malformed', why: `${v.getDotPath(issue) ?? envelope.output.kind}: ${issue.type}` };
  };

/** One text frame from an agent. Never throws; the reason never quotes the frame. */
export const parseAgentMessage = parse(AgentMessage, new Set(['hello', 'heartbeat', 'status']));
/** One text frame from a relay. Never throws; the reason never quotes the frame. */
export const parseRelayMessage = parse(RelayMessage, new Set(['welcome', 'heartbeat-ack', 'status-request']));
