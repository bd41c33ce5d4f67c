import { createHash } from 'node:crypto';

/**
 * README.md §2. What `/auth` takes as `pass`: SHA-1 of the plain password, lowercase hex, no salt. The vendor's
 * choice; it logs in just as well as the password, so it is a secret too and is made anew for each login.
 */
export const hashPassword = (password: string): string => createHash('sha1').update(password, 'utf8').digest('hex');
