import { VERSION } from '@guruconnect/shared/identity';
import { MachineFacts } from '@guruconnect/shared/relay-protocol';
import { machineFacts, systemMachine } from '@guruconnect/worker/machine-facts';
import { test } from 'tap';
import * as v from 'valibot';
import { FACTS } from '../relay/agent.ts';

test("what is said of this machine is what the relay's schema takes", (t) => {
  const facts = machineFacts(FACTS.machineId, systemMachine());
  t.same(v.parse(MachineFacts, facts), facts);
  t.same(Object.keys(facts).sort(), Object.keys(MachineFacts.entries).sort());
  t.ok((facts.machine?.cpus ?? 0) > 0 && (facts.machine?.memoryBytes ?? 0) > 0);
  t.match(facts, { machineId: FACTS.machineId, agentVersion: VERSION });
  for (const text of [facts.hostname, facts.platform]) t.match(text, /^.{1,256}$/);
  t.end();
});
