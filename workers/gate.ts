/** Lets so many pieces of work run at once; the others wait in order. */
export function createGate(atOnce: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place goes to the next in line without becoming free.
      if (next) next();
      else running -= 1;
    }
  };
}
