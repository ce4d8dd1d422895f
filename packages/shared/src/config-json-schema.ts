/** The JSON Schema of the configuration file, as `npm run schemas` has left it beside this package's `package.json`. */
import { readFileSync } from 'node:fs';
import { getAsset, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';

/** Absolute; of a checkout. */
export const configSchemaPath = (): string =>
  fileURLToPath(new URL('../config.schema.json', import.meta.url));

/** Draft 2020-12. */
export const configSchemaText = (): string =>
  isSea() ? getAsset('config.schema.json', 'utf8') : readFileSync(configSchemaPath(), 'utf8');
