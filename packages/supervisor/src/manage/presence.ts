/** Whether the service is installed, as a value: only 1060 means that it is not. */
import { messageOf } from '@guruconnect/shared/usage-error';
import type { ServiceConfig, ServiceManager } from './service-manager.ts';
import { WIN32, isWin32 } from './win32-error.ts';

export type Presence =
  | { readonly kind: 'installed'; readonly config: ServiceConfig }
  | { readonly kind: 'absent' }
  /** Access is denied: the answer needs an administrator. */
  | { readonly kind: 'not-elevated' }
  | { readonly kind: 'unknown'; readonly why: string };

/** Never rejects. */
export const presenceOf = async (manager: Pick<ServiceManager, 'config'>): Promise<Presence> => {
  try {
    return { kind: 'installed', config: await manager.config() };
  } catch (error) {
    if (isWin32(error, WIN32.serviceDoesNotExist)) return { kind: 'absent' };
    if (isWin32(error, WIN32.accessDenied)) return { kind: 'not-elevated' };
    return { kind: 'unknown', why: messageOf(error) };
  }
};
