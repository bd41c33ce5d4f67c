import { createHash, scryptSync, timingSafeEqual } from 'node:crypto';
import type { Role } from './visitor.ts';

export interface Passwords {
  admin: string;
  /** Whoever has this one may only look. */
  viewer?: string;
}

/** The role that a password stands for; every comparison takes equal time. */
export function roleOf(given: string, { admin, viewer }: Passwords): Role | undefined {
  const isAdmin = same(given, admin);
  const isViewer = same(given, viewer ?? '') && viewer !== undefined;
  if (isAdmin) return 'admin';
  return isViewer ? 'viewer' : undefined;
}

/**
 * The key that signs cookies. It comes from the passwords, so that several consoles share it, nothing has to be kept, and a
 * changed password ends every session. Stretched, because whoever reads a cookie could guess on.
 */
export function cookieKey({ admin, viewer = '' }: Passwords): Buffer {
  return scryptSync(`${admin}\0${viewer}`, 'pmsync console cookies', 32, { N: 2 ** 15, r: 8, maxmem: 64 * 2 ** 20 });
}

function same(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

/** Of equal length whatever the password. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
