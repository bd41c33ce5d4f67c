import type { HotelParts } from './methods.ts';
import { createRandom, int, pick } from './random.ts';
import type { Mutations } from './types.ts';

/** Keeps the data moving while they are read: mostly edits, some new bookings, now and then a deleted one. */
export function createLiveMutation(seed: number, hotels: readonly HotelParts[], mutate: Mutations) {
  const random = createRandom(seed + 7);
  let timer: NodeJS.Timeout | undefined;

  function step(): void {
    const { hotel, store } = pick(random, hotels);
    const ids = store.bookingIds();
    const id = ids[int(random, ids.length)];
    const kind = random();
    if (id === undefined || kind < 0.2) mutate.createBooking(hotel.name);
    else if (kind < 0.25) mutate.deleteBooking(hotel.name, id);
    else
      mutate.editBooking(hotel.name, id, { price: `${int(random, 100_000)}.50`, status_id: pick(random, ['1', '2']) });
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
