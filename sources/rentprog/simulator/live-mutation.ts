import { createRandom, int, pick } from './random.ts';
import type { Settings } from './settings.ts';
import type { Store } from './store.ts';
import type { Mutations } from './types.ts';

/** Keeps the data moving while it is read: mostly updates, some new bookings, now and then an archived one. */
export function createLiveMutation(settings: Settings, store: Store, mutate: Mutations) {
  const random = createRandom(settings.seed + 7);
  let timer: NodeJS.Timeout | undefined;

  function step(): void {
    const branch = int(random, settings.branches.length);
    const ids = store.bookingIds(branch);
    const id = ids[int(random, ids.length)];
    const kind = random();
    if (id === undefined || kind < 0.2) mutate.createBooking(settings.branches[branch]?.name ?? '');
    else if (kind < 0.25) mutate.archiveBooking(id);
    else
      mutate.updateBooking(id, { total: int(random, 100_000) / 100, state: pick(random, ['Новая', 'Подтверждена']) });
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    start(everyMs: number): void {
      stop();
      timer = setInterval(step, everyMs);
      timer.unref();
    },
    stop,
  };
}
