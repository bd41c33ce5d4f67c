import type { Session } from './define-source.ts';

/**
 * One turn at a vendor that wants its requests strictly one after another: nobody else asks it meanwhile, in no process. The
 * session is one for all of them.
 */
export interface Turn {
  /** The session that is open at the vendor, whoever opened it. */
  readonly session: Session | null;
  /** Writes down at once what is open from now on. */
  keep(session: Session | null): Promise<void>;
  /** A request goes out that may keep the vendor busy for so long. The next turn waits for it, also when this process dies. */
  begin(mostMs: number): Promise<void>;
  /** The vendor has answered. */
  answered(): Promise<void>;
}

/** Waits for its turn, then works. */
export type Turns = <T>(work: (turn: Turn) => Promise<T>) => Promise<T>;

/** Turns of this process alone, for a connection that shares its vendor with nobody. */
export function createLocalTurns(): Turns {
  let session: Session | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const turn: Turn = {
    get session() {
      return session;
    },
    async keep(open) {
      session = open;
    },
    async begin() {},
    async answered() {},
  };
  return (work) => {
    const mine = last.then(() => work(turn));
    last = mine.catch(() => {});
    return mine;
  };
}
