/** What a bare program has to know of the relay's protocol: literals, as the product's own file brings a library for schemas along. */
export const PATH = '/v1/agent';
export const SUBPROTOCOL = 'guruconnect.agent.v1';

export interface Said {
  readonly kind: string;
  readonly id?: number;
  readonly seq?: number;
  readonly heartbeatMs?: number;
}
