import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  SERVICE_DESCRIPTION,
  SERVICE_DISPLAY_NAME,
  SERVICE_NAME,
  SERVICE_RUN_ARG,
  VERSION,
} from '@guruconnect/shared/identity';
import { test } from 'tap';

const ROOT = join(import.meta.dirname, '..', '..', '..');

test('the service name is one token that needs no quotes', (t) => {
  t.match(SERVICE_NAME, /^[A-Za-z0-9]{1,256}$/);
  t.equal(SERVICE_NAME, 'GuruConnectAgent');
  t.end();
});

test('the argument of the service is the command of the service', (t) => {
  t.equal(SERVICE_RUN_ARG, 'service-run');
  t.end();
});

test('what services.msc shows is one line of text within its limit', (t) => {
  t.match(SERVICE_DISPLAY_NAME, /^[^\p{C}]{1,256}$/u);
  t.match(SERVICE_DESCRIPTION, /^[^\p{C}]+$/u);
  t.end();
});

test('the version is the version of every package', (t) => {
  const folders = readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name));
  t.ok(folders.length >= 5);
  for (const folder of [ROOT, ...folders]) {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      version: unknown;
    };
    t.equal(version, VERSION, folder);
  }
  t.end();
});
