/**
 * Work that is cheaper together: the first call for a place runs at once, and what is asked for within `everyMs` of it runs
 * as one at their end, as does what `work` has left over (when it answers true). `onError` hears of those, because nobody
 * waits for them.
 */
export function createPaced<P extends object>(
  work: (place: P) => Promise<boolean>,
  { everyMs, onError }: { everyMs: number; onError(error: unknown): void },
) {
  const turns = new Map<string, { again: boolean; place: P; timer: NodeJS.Timeout }>();
  const unwatched = new Set<Promise<void>>();
  let isClosed = false;

  async function ask(place: P): Promise<void> {
    const name = Object.values(place).join(' ');
    const turn = turns.get(name);
    if (turn) {
      turn.again = true;
      return;
    }
    if (!isClosed) turns.set(name, { again: false, place, timer: setTimeout(() => end(name), everyMs).unref() });
    const hasMore = await work(place);
    if (hasMore && !isClosed) askUnwatched(place);
  }

  function askUnwatched(place: P): void {
    const asked = ask(place)
      .catch(onError)
      .finally(() => unwatched.delete(asked));
    unwatched.add(asked);
  }

  function end(name: string): void {
    const turn = turns.get(name);
    turns.delete(name);
    if (turn?.again) askUnwatched(turn.place);
  }

  /** Nothing more will come: what has been asked for runs now. */
  function hurry(): void {
    for (const [name, { again, timer }] of turns) {
      if (!again) continue;
      clearTimeout(timer);
      end(name);
    }
  }

  return {
    ask,
    hurry,
    /** Begins what has been asked for, and waits for it. From now on every call runs at once. */
    async close(): Promise<void> {
      isClosed = true;
      hurry();
      for (const { timer } of turns.values()) clearTimeout(timer);
      turns.clear();
      await Promise.all(unwatched);
    },
  };
}
