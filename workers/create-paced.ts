/**
 * Work that is cheaper together: the first call for a place runs at once, and what is asked for within `everyMs` of it runs
 * as one at their end. `onError` hears of those, because nobody waits for them.
 */
export function createPaced<P extends object>(
  work: (place: P) => Promise<unknown>,
  { everyMs, onError }: { everyMs: number; onError(error: unknown): void },
) {
  const turns = new Map<string, { again: boolean; place: P; timer: NodeJS.Timeout }>();

  async function ask(place: P): Promise<void> {
    const name = Object.values(place).join(' ');
    const turn = turns.get(name);
    if (turn) {
      turn.again = true;
      return;
    }
    turns.set(name, { again: false, place, timer: setTimeout(() => end(name), everyMs).unref() });
    await work(place);
  }

  function end(name: string): void {
    const turn = turns.get(name);
    turns.delete(name);
    if (turn?.again) ask(turn.place).catch(onError);
  }

  return {
    ask,
    /** Nothing more will come: what has been asked for runs now. */
    hurry(): void {
      for (const [name, { again, timer }] of turns) {
        if (!again) continue;
        clearTimeout(timer);
        end(name);
      }
    },
    /** What nobody has begun is left to whoever looks after it. */
    close(): void {
      for (const { timer } of turns.values()) clearTimeout(timer);
      turns.clear();
    },
  };
}
