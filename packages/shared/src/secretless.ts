/** Text that somebody has typed, without what may be a password in it. Pure. */

/** The user and the password of a URL are `…`: what has no place on a command line can be a proxy. */
export const secretless = (text: string): string => text.replace(/\/\/.*@/gs, '//…@');
