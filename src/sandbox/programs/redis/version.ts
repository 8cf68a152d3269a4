/** The release that our server says it is: Debian 12's. */
export const redisVersion = '7.0.15';
