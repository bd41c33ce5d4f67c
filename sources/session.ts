import { setTimeout as wait } from 'node:timers/promises';
import type { Session } from './define-source.ts';

export interface SessionHolder {
  /** The session in use, or a new one; callers at the same moment share one opening. */
  get(): Promise<Session>;
  /** Forgets the session, unless another one than the given has taken its place already. */
  drop(session?: Session): void;
}

const SECOND = 1000;

export interface SessionOptions {
  /** The vendor's budget for opening sessions: at most one per this many milliseconds. */
  paceMs?: number;
  now?: () => number;
}

/** Keeps one session alive: opened once however many ask, renewed shortly before it ends. */
export function createSessionHolder(
  open: () => Promise<Session>,
  { paceMs = 0, now = Date.now }: SessionOptions = {},
): SessionHolder {
  let current: { session: Session; renewAt: number } | undefined;
  let opening: Promise<Session> | undefined;

  let lastOpening = Number.NEGATIVE_INFINITY;

  async function openOne(): Promise<Session> {
    const early = lastOpening + paceMs - now();
    if (early > 0) await wait(early);
    const openedAt = now();
    lastOpening = openedAt;
    const session = await open();
    const expiresAt = session.expiresAt.getTime();
    const margin = Math.min(30 * SECOND, (expiresAt - openedAt) * 0.1);
    // A clock that runs ahead of the vendor's must not make every request open a session of its own; a 401 tells the truth.
    current = { session, renewAt: Math.max(expiresAt - margin, openedAt + SECOND) };
    return session;
  }

  return {
    get() {
      if (current && now() < current.renewAt) return Promise.resolve(current.session);
      opening ??= openOne().finally(() => {
        opening = undefined;
      });
      return opening;
    },
    drop(session) {
      if (!session || current?.session === session) current = undefined;
    },
  };
}
