import { isIPv4 } from 'node:net';

/** Whether only programs of this machine can reach a server on `host`, or mean this machine by it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** The name in a `Host` header, without port and brackets; undefined for one that cannot be read. */
export function hostName(header: string | undefined): string | undefined {
  const name = header ? URL.parse(`http://${header}`)?.hostname : undefined;
  return name?.replace(/^\[(.*)\]$/, '$1');
}
