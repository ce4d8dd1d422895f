/** What happens where the proxy cannot be reached. */
export const PROXY_FALLBACKS = ['none', 'direct'] as const;
