/** The JSON Schema of the configuration file, as `npm run schemas` has left it beside this package's `package.json`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute. */
export const configSchemaPath = (): string =>
  fileURLToPath(new URL('../config.schema.json', import.meta.url));

/** Draft 2020-12. */
export const configSchemaText = (): string => readFileSync(configSchemaPath(), 'utf8');
