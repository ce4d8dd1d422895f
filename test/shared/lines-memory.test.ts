/** What a splitter holds on to: no more than the beginning of a line, whatever has gone through it. */
import { createLineSplitter } from '@guruconnect/shared/lines';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test } from 'tap';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

const LIMIT = 16 * 1024;
const CHUNK = 64 * 1024;
const SPLITTERS = 50;
/** Of the allocator's own, for all of them. */
const SLACK = 512 * 1024;

/** Twice: what a buffer had is counted off by the collection after the one that finds it dead. */
const held = (): number => {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const chunkOf = (end: Uint8Array, fill: string): Buffer => {
  const chunk = Buffer.alloc(CHUNK, fill);
  chunk.set(end, CHUNK - end.length);
  return chunk;
};

const STREAMS: Record<string, { readonly chunk: Buffer; readonly atMost: number }> = {
  'chunks that end in the middle of a line': {
    chunk: chunkOf(Buffer.from(`\n${'x'.repeat(LIMIT)}`), '\n'),
    atMost: LIMIT,
  },
  'chunks of whole lines': { chunk: chunkOf(Buffer.from('\n'), '\n'), atMost: 0 },
  'a line that is too long': { chunk: Buffer.alloc(CHUNK, 'x'), atMost: 0 },
  'bytes that are no text': { chunk: chunkOf(Buffer.from([0x0a, 0xff]), '\n'), atMost: 1 },
};

for (const [what, { chunk, atMost }] of Object.entries(STREAMS)) {
  test(`after ${what} a splitter holds no more than ${atMost} bytes`, (t) => {
    const splitters = Array.from({ length: SPLITTERS }, () => createLineSplitter(LIMIT));
    const before = held();
    for (const splitter of splitters) splitter.push(chunk);
    const grown = held() - before;
    t.ok(grown <= SPLITTERS * atMost + SLACK, `${Math.round(grown / SPLITTERS)} bytes each`);
    t.equal(splitters.length, SPLITTERS);
    t.end();
  });
}
