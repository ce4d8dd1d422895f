/** Finds the marks of this machine, and what it is sold as. What cannot be found is left out; nothing here fails. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Marks } from './fingerprint.ts';
import { type Product, ownUuid, parseSmbios, productOf } from './smbios.ts';
import type { Secrets } from './windows-secrets.ts';

export interface Machine {
  readonly marks: Marks;
  readonly product: Product;
}

/** Never rejects. */
export type FindMachine = () => Promise<Machine>;

const orNothing = async <T>(asked: Promise<{ readonly error: number } & T>): Promise<T | undefined> => {
  const answer = await asked.catch(() => undefined);
  return answer?.error === 0 ? answer : undefined;
};

/** @see https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getsystemfirmwaretable */
export const windowsMachine =
  (secrets: Pick<Secrets, 'firmwareTable' | 'machineGuid'>): FindMachine =>
  async () => {
    const [table, guid] = await Promise.all([
      orNothing(secrets.firmwareTable()),
      orNothing(secrets.machineGuid()),
    ]);
    const { uuid, product } = parseSmbios(table?.data ?? new Uint8Array());
    return { marks: { hardware: uuid, system: ownUuid(guid?.text ?? '') }, product };
  };

const textOf = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return '';
  }
};

/** 128 bits as 32 hexadecimal digits; empty or `uninitialized` in an image that was made to be copied. */
const machineId = (text: string): string | undefined =>
  ownUuid(text.trim().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));

/**
 * Only root may read `product_uuid`.
 * @param root of the file system.
 * @see https://www.freedesktop.org/software/systemd/man/latest/machine-id.html
 */
export const posixMachine =
  (root = '/'): FindMachine =>
  async () => {
    const dmi = join(root, 'sys', 'class', 'dmi', 'id');
    const files = [
      join(dmi, 'product_uuid'),
      join(root, 'etc', 'machine-id'),
      join(dmi, 'sys_vendor'),
      join(dmi, 'product_name'),
    ];
    const [uuid = '', id = '', vendor, name] = await Promise.all(files.map(textOf));
    return { marks: { hardware: ownUuid(uuid), system: machineId(id) }, product: productOf(vendor, name) };
  };
