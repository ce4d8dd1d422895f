/** No name by which an object could be given another prototype comes through a parser. */
import assert from 'node:assert/strict';

const PROTOTYPES: ReadonlySet<unknown> = new Set([Object.prototype, Array.prototype]);
const NAMES = ['__proto__', 'constructor', 'prototype'];

/** @throws where a name, a prototype or a number is not one that plain data has. */
export const assertPlain = (value: unknown): void => {
  if (typeof value === 'number') assert.ok(Number.isFinite(value));
  if (typeof value !== 'object' || value === null) return;
  assert.ok(PROTOTYPES.has(Object.getPrototypeOf(value)), 'a prototype of its own');
  for (const name of NAMES) assert.ok(!Object.hasOwn(value, name), name);
  for (const part of Object.values(value)) assertPlain(part);
};

/** @throws where every object has got something. */
export const assertUnpolluted = (): void => {
  for (const name in {}) assert.fail(name);
};
