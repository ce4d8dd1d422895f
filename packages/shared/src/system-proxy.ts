/** The value of `proxy` that means whatever proxy Windows has; no URL, and no secret. */
export const SYSTEM_PROXY = 'system';
