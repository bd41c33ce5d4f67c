/**
 * An answer that may be a little old and may not come: asked again once it is older than `freshMs`, by one caller for all, and
 * waited for so long as `patienceMs`. After that undefined, and nobody asks again before the answer has come. Throws what `work`
 * throws.
 */
export function cached<T>(
  work: () => Promise<T>,
  { freshMs, patienceMs }: { freshMs: number; patienceMs: number },
): () => Promise<T | undefined> {
  let known: { value: T; until: number } | undefined;
  let asking: Promise<T> | undefined;
  return async () => {
    if (known && Date.now() < known.until) return known.value;
    asking ??= work()
      .then((value) => {
        known = { value, until: Date.now() + freshMs };
        return value;
      })
      .finally(() => {
        asking = undefined;
      });
    return within(patienceMs, asking);
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
