/** Gathers what an archive has in it. Nothing of the store is; every text is scrubbed by `diagnostics-command.ts`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastWordsPath, logDir } from '@guruconnect/shared/data-folder';
import { messageOf } from '@guruconnect/shared/usage-error';
import { createCredentialStore } from '@guruconnect/store/credential-store';
import { systemStore } from '@guruconnect/store/system-store';
import { storedReport } from '../config-command.ts';
import { configJson, renderConfig } from '../config-view.ts';
import { type Patient, lookAt } from '../doctor/doctor-command.ts';
import { examine } from '../doctor/examine.ts';
import { findingsJson, renderFindings } from '../doctor/findings-view.ts';
import type { DoctorFacts } from '../doctor/facts.ts';
import { statusJson } from '../manage/status-json.ts';
import { statusReport } from '../manage/status-report.ts';
import { renderStatus } from '../manage/status-view.ts';
import { type Entry, entryOf, jsonEntry } from './entries.ts';
import { logEntries } from './log-files.ts';
import { knownSecrets } from './secrets.ts';
import { versions } from './versions.ts';

/** Bytes of logs at the most, before they are packed. */
const LOG_ROOM = 32 * 1024 * 1024;

const text = (name: string, content: string): Entry => ({ name, kind: 'text', text: content });

const doctorEntries = (facts: DoctorFacts): readonly Entry[] => {
  const findings = examine(facts);
  return [
    text('doctor.txt', renderFindings(findings, false)),
    jsonEntry('doctor.json', findingsJson(findings)),
    text('status.txt', renderStatus(statusReport(facts.status, Date.now()), false)),
    jsonEntry('status.json', statusJson(facts.status)),
  ];
};

/** Beside the credential the store keeps former ones: of another relay or machine, and one that it did not understand. */
const KEPT = ['', '.previous', '.damaged'];

/** All that can be read here; any other is told by its looks alone. */
const credentials = async (dataDir: string): Promise<readonly string[]> => {
  const system = systemStore(dataDir);
  const found = await Promise.all(
    KEPT.map((suffix) => {
      const files = { ...system.files, read: (path: string) => system.files.read(`${path}${suffix}`) };
      const store = createCredentialStore({ ...system, files, dataDir });
      return store.readStored().catch(() => undefined);
    }),
  );
  return found.flatMap((one) => (one?.kind === 'stored' ? [one.stored.credential] : []));
};

export interface Contents {
  readonly entries: readonly Entry[];
  readonly secrets: readonly string[];
}

export const gatherContents = async (patient: Patient, quiet: boolean): Promise<Contents> => {
  const { data } = patient.options;
  const facts = await lookAt(patient, quiet);
  const config = storedReport(facts.inspection, data);
  const entries = [
    ...doctorEntries(facts),
    text('config.txt', renderConfig(config)),
    jsonEntry('config.json', configJson(config)),
    entryOf('versions.json', () => jsonEntry('versions.json', versions())),
    lastWords(data),
    ...logEntries(logDir({ data }), LOG_ROOM),
  ];
  const { service } = facts.status;
  const imagePath = service.kind === 'installed' ? service.config.imagePath : undefined;
  const secrets = knownSecrets(facts.inspection.sources, await credentials(data), imagePath);
  return { entries, secrets };
};

const lastWords = (data: string): Entry => {
  const name = 'last-words.json';
  try {
    return text(name, readFileSync(lastWordsPath(data), 'utf8'));
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { name, kind: 'missing', why: isGone ? 'no worker has ended unasked' : messageOf(error) };
  }
};

export const defaultName = (at: Date): string =>
  join(
    process.cwd(),
    `guruconnect-diagnostics-${at
      .toISOString()
      .replace(/\..*|[-:]/g, '')
      .replace('T', '-')}.zip`,
  );
