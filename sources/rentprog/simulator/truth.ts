import type { RecordFaults } from './record-faults.ts';
import type { Store } from './store.ts';
import type { RawClient, Truth } from './types.ts';
import type { World } from './world.ts';

/** What a complete mirror must hold: every record as served without faults, by id. */
export function readTruth(world: World, store: Store, recordFaults: RecordFaults): Truth {
  const { settings, plan } = world;
  const all = (idsOf: (branch: number) => number[]): number[] =>
    settings.branches.flatMap((_, branch) => idsOf(branch)).sort((a, b) => a - b);
  const missingCarIds = [...plan.missingCars.keys()];
  const listed = (id: number): boolean => store.branchOfClient(id) >= 0;
  const hidden = all(store.hiddenClientIds);
  return {
    clients: all(store.searchableClientIds).map((id) => store.client(id) as RawClient),
    cars: [...all(store.carIds), ...missingCarIds].flatMap((id) => store.car(id) ?? []),
    bookings: all(store.bookingIds).map(store.listedBooking),
    missingClientIds: hidden,
    goneClientIds: [...plan.goneClients.keys()].filter((id) => !listed(id)),
    missingCarIds,
    brokenBookingIds: recordFaults.brokenIds(),
  };
}
