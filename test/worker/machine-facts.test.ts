import { VERSION } from '@guruconnect/shared/identity';
import { EnrollRequest } from '@guruconnect/shared/relay-protocol';
import { machineFacts } from '@guruconnect/worker/machine-facts';
import { test } from 'tap';
import { FACTS } from '../relay/agent.ts';

test("what is said of this machine is what the relay's schema takes", (t) => {
  const facts = machineFacts(FACTS.machineId);
  t.same(Object.keys(facts).sort(), Object.keys(EnrollRequest.entries).sort());
  t.match(facts, { machineId: FACTS.machineId, agentVersion: VERSION });
  for (const text of [facts.hostname, facts.platform]) t.match(text, /^.{1,256}$/);
  t.end();
});
