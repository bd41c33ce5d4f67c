export type Turn = (work: () => Promise<void>) => Promise<void>;

/**
 * Gathers the calls of one moment into one: while a batch is at work, or waits for its turn, the calls that arrive form the
 * next. Each caller gets its own answer, so a job stays a job of its own at nearly the cost of a batch.
 */
export function createCoalescer<K, R>(
  run: (keys: K[]) => Promise<(key: K) => R>,
  { most, atOnce, inTurn = (work) => work() }: { most: number; atOnce: number; inTurn?: Turn },
) {
  interface Call {
    key: K;
    resolve(answer: R): void;
    reject(error: unknown): void;
  }
  let waiting: Call[] = [];
  let running = 0;
  let scheduled = false;

  function schedule(): void {
    if (scheduled || running >= atOnce || waiting.length === 0) return;
    scheduled = true;
    // After the jobs that are starting in this turn of the event loop have asked too.
    setImmediate(() => {
      scheduled = false;
      void flush();
    });
  }

  async function flush(): Promise<void> {
    running += 1;
    await inTurn(runBatch);
    running -= 1;
    schedule();
  }

  async function runBatch(): Promise<void> {
    const calls = waiting.slice(0, most);
    waiting = waiting.slice(most);
    schedule();
    if (calls.length === 0) return;
    try {
      const answerOf = await run(calls.map((call) => call.key));
      for (const call of calls) call.resolve(answerOf(call.key));
    } catch (error) {
      for (const call of calls) call.reject(error);
    }
  }

  return (key: K): Promise<R> =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      schedule();
    });
}

/** One coalescer a place, made when it is first asked for. */
export function createCoalescers<P extends object, K, R>(
  create: (place: P) => (key: K) => Promise<R>,
): (place: P, key: K) => Promise<R> {
  const known = new Map<string, (key: K) => Promise<R>>();
  return (place, key) => {
    const name = Object.values(place).join(' ');
    const coalescer = known.get(name) ?? create(place);
    known.set(name, coalescer);
    return coalescer(key);
  };
}
