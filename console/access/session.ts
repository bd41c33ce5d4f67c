import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Role, Visitor } from './visitor.ts';

export const SESSION_COOKIE = 'pmsync_session';
const HOUR = 3_600_000;
export const SESSION_MS = 12 * HOUR;

const contents = z.object({
  role: z.enum(['admin', 'viewer'] satisfies Role[]),
  name: z.string(),
  expiresAt: z.number(),
  /** Makes every session's cookie another one. */
  nonce: z.string(),
});
type Session = z.infer<typeof contents>;

/** Signs the visitor in for 12 hours. The cookie is signed, not read by scripts, and not sent with other sites' forms. */
export function openSession(reply: FastifyReply, { role, name }: Pick<Session, 'role' | 'name'>): void {
  const session: Session = {
    role,
    name,
    expiresAt: Date.now() + SESSION_MS,
    nonce: randomBytes(12).toString('base64url'),
  };
  const value = Buffer.from(JSON.stringify(session)).toString('base64url');
  reply.setCookie(SESSION_COOKIE, value, { signed: true, maxAge: SESSION_MS / 1000 });
}

export function endSession(reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE);
}

/** Undefined without a session, or with one that is over or not ours. */
export function readSession(request: FastifyRequest): Visitor | undefined {
  const cookie = request.cookies[SESSION_COOKIE];
  if (!cookie) return undefined;
  const { valid, value } = request.unsignCookie(cookie);
  if (!valid || !value) return undefined;
  const session = sessionIn(value);
  if (!session || !(session.expiresAt > Date.now())) return undefined;
  return { role: session.role, actor: session.name, via: 'session' };
}

/** The same key signs other cookies too; what was signed need not be a session. */
function sessionIn(value: string): Session | undefined {
  try {
    return contents.safeParse(JSON.parse(Buffer.from(value, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
