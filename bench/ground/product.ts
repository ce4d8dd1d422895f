/** The product as it is deployed: bundled, in parts as the executable has them. */
import { join } from 'node:path';
import { BENCH, cached } from '../places.ts';
import { bundle } from './scripts.ts';

export interface Product {
  /** The `guruconnect` command. */
  readonly command: string;
  /** `service-run` with a stand-in for the SCM. */
  readonly service: string;
}

let built: Promise<Product> | undefined;

const build = async (): Promise<Product> => {
  const { LAUNCHER, bundleInParts } = await bundle();
  const folder = cached('product', '.');
  await bundleInParts(
    { guruconnect: LAUNCHER, service: join(BENCH, 'dist', 'idle', 'service-program.js') },
    folder,
  );
  return { command: join(folder, 'guruconnect.js'), service: join(folder, 'service.js') };
};

/** Once in a run. */
export const bundledProduct = (): Promise<Product> => (built ??= build());
