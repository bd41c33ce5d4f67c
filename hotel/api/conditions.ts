import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiRefused } from './api-refused.ts';

/** The tag of a record: its version, which is another one after every change. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/**
 * The version that `If-Match` names; undefined for `*`. Throws 428 without one, 412 for what no version is. Of several tags
 * none is taken: nobody has read several.
 */
export function versionWanted({ headers }: FastifyRequest): { ifVersion?: number } {
  const wanted = headers['if-match']?.trim();
  if (!wanted) throw new ApiRefused('VERSION_MISSING');
  if (wanted === '*') return {};
  const [, version] = /^"(\d{1,10})"$/.exec(wanted) ?? [];
  if (version === undefined || Number(version) > 2 ** 31 - 1) throw new ApiRefused('VERSION_OTHER');
  return { ifVersion: Number(version) };
}

export function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x20-\x7e]{1,200}$/.test(key)) throw new ApiRefused('KEY_INVALID');
  return key;
}

export function tagged<R extends { version: number }>(reply: FastifyReply, record: R): R {
  reply.header('etag', etagOf(record.version));
  return record;
}
