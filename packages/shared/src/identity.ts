/** The names the product is known by. Both sides of every name are pinned by a test. */

/** Internal name of the service: one token, the key below HKLM\SYSTEM\CurrentControlSet\Services. */
export const SERVICE_NAME = 'GuruConnectAgent';
/** What services.msc shows. */
export const SERVICE_DISPLAY_NAME = 'GuruConnect Managed Agent';
export const SERVICE_DESCRIPTION =
  'Keeps this computer reachable for GuruConnect remote support, at the login screen and across reboots.';
/** The argument that the SCM starts the program with, and the command that enters the service. */
export const SERVICE_RUN_ARG = 'service-run';
/** Version of every package of the product. */
export const VERSION = '0.1.0';
