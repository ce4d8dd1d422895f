/** Bytes of the heap that are really in use; needs `--expose-gc`. What the first collection finalizes, the second one frees. */
export const collectedHeapBytes = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
