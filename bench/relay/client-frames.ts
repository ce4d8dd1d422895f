/** A WebSocket client's bytes (RFC 6455), by hand: thousands of real clients would take longer than the relay that is measured. Pure. */
import { PATH, SUBPROTOCOL } from '../ground/wire.ts';

const SHORT = 125;
const TEXT = 0x81;
const MASKED = 0x80;
const TWO_BYTES = 126;

/** One text frame, up to 64 KiB, masked with zeros, which leaves it as it is. */
export const textFrame = (message: object): Buffer => {
  const text = Buffer.from(JSON.stringify(message));
  const isShort = text.length <= SHORT;
  const head = Buffer.alloc(isShort ? 6 : 8);
  head.writeUInt8(TEXT, 0);
  head.writeUInt8(MASKED | (isShort ? text.length : TWO_BYTES), 1);
  if (!isShort) head.writeUInt16BE(text.length, 2);
  return Buffer.concat([head, text]);
};

/** @param host of the relay, with its port */
export const upgradeRequest = (host: string, credential: string): string =>
  [
    `GET ${PATH} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
    `Authorization: Bearer ${credential}`,
    '\r\n',
  ].join('\r\n');
