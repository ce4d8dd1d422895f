/** What the relay is told about this machine. */
import { arch, cpus, hostname, release, totalmem, uptime, version } from 'node:os';
import { VERSION } from '@guruconnect/shared/identity';
import type { Machine, MachineFacts } from '@guruconnect/shared/relay-protocol';

const MAX_TEXT = 256;

const short = (text: string): string => text.slice(0, MAX_TEXT);

/** @param machineId UUID that this installation keeps. */
export const machineFacts = (machineId: string, machine?: Machine): MachineFacts => ({
  machineId,
  hostname: short(hostname()),
  platform: short(`${process.platform}-${process.arch} ${release()}`),
  agentVersion: VERSION,
  ...(machine !== undefined && { machine }),
});

/**
 * Hardware and system by Node's own means. The libraries for more start a PowerShell for it on Windows, some of them
 * every time: too much for a service that has to be up with the machine.
 */
export const systemMachine = (now = Date.now()): Machine => {
  const processors = cpus();
  return {
    os: short(version()),
    arch: arch(),
    cpus: processors.length,
    ...(processors[0] !== undefined && { cpu: short(processors[0].model.trim()) }),
    memoryBytes: totalmem(),
    timeZone: short(Intl.DateTimeFormat().resolvedOptions().timeZone),
    bootedAt: new Date(now - uptime() * 1000).toISOString(),
    nodeVersion: process.versions.node,
  };
};
