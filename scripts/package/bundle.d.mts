/**
 * Programs as a few ES modules that know their own place in the checkout.
 * @param entryPoints the scripts by the names of their bundles; the product's launcher has to be `guruconnect`.
 */
export declare function bundlePrograms(
  entryPoints: Readonly<Record<string, string>>,
  outdir: string,
): Promise<void>;

/**
 * Programs in parts as the executable has them, but in files: CommonJS, without top-level await.
 * @param entryPoints as above.
 */
export declare function bundleInParts(
  entryPoints: Readonly<Record<string, string>>,
  outdir: string,
): Promise<void>;

/** The product's launcher. */
export declare const LAUNCHER: string;
