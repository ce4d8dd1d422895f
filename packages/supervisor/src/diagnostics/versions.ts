/** What runs here, on what: for whoever reads a ticket and does not have the machine. */
import os from 'node:os';
import { isAddonBuilt } from '@guruconnect/native';
import { VERSION } from '@guruconnect/shared/identity';

export const versions = () => ({
  guruconnect: VERSION,
  addon: isAddonBuilt() ? 'built' : 'not built',
  node: process.versions,
  executable: process.execPath,
  os: {
    version: os.version(),
    release: os.release(),
    platform: process.platform,
    arch: os.arch(),
    cpus: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    freeMemoryBytes: os.freemem(),
    uptimeS: Math.round(os.uptime()),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  },
});
