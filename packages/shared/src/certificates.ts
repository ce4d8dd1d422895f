/** Certificates that an administrator trusts beside the system's: one or more PEM blocks in a file. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { messageOf } from './usage-error.ts';

const BEGIN = /-----BEGIN CERTIFICATE-----/g;
const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

const isCertificate = (pem: string): boolean => {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
};

const parse = (text: string): readonly string[] => {
  const blocks = text.match(BLOCK) ?? [];
  const begun = text.match(BEGIN)?.length ?? 0;
  if (begun === 0) throw new Error('holds no PEM certificate');
  if (blocks.length !== begun) throw new Error('holds a PEM certificate that breaks off');
  const wrong = blocks.findIndex((pem) => !isCertificate(pem));
  if (wrong !== -1) throw new Error(`certificate ${wrong + 1} of ${blocks.length} is not valid`);
  return blocks;
};

/** The file's certificates, each a PEM block; other text in it is skipped. @throws Error that names path and reason. */
export const readCertificates = (path: string): readonly string[] => {
  const text = readFileSync(path, 'utf8');
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${path}: ${messageOf(error)}`);
  }
};
