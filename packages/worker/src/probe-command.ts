/** `worker --probe`: the doctor's question on stdin, the steps on stdout. */
import { loadConfig } from '@guruconnect/shared/config-file';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { type ProbeRequest, probeLine } from '@guruconnect/shared/probe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { probe } from './probe.ts';

const readAll = async (input: NodeJS.ReadableStream): Promise<string> => {
  let text = '';
  for await (const chunk of input) text += String(chunk);
  return text;
};

/** A try ends after {@link TIMING.connect} at the latest, as every one of the agent's does. @throws UsageError for a bad configuration. */
export const runProbe = async (): Promise<ExitCode> => {
  const { options } = JSON.parse(await readAll(process.stdin)) as ProbeRequest;
  await probe(
    loadConfig(options),
    (step) => {
      process.stdout.write(probeLine(step));
    },
    () => AbortSignal.timeout(TIMING.connect),
  );
  return EXIT.ok;
};
