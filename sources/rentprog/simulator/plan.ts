import type { Ids } from './ids.ts';
import { hash, share } from './random.ts';
import type { Settings } from './settings.ts';

const DECOYS_BEFORE_PAGE_TWO = 12;

interface Hidden {
  index: number;
  branch: number;
}

/** Who is missing where, and which bookings point at them. Small: one entry for each special record. */
export interface Plan {
  clientOfBooking: Map<number, number>;
  carOfBooking: Map<number, number>;
  missingClients: Map<number, Hidden>;
  goneClients: Map<number, Hidden>;
  missingCars: Map<number, Hidden>;
  /** A listed client's doc_number that holds another client's id, so that a search finds it as well. */
  documentOfClient: Map<number, string>;
  decoysOf: Map<number, number[]>;
}

export function createPlan(settings: Settings, ids: Ids): Plan {
  const { branches, clients, seed } = settings;
  const plan: Plan = {
    clientOfBooking: new Map(),
    carOfBooking: new Map(),
    missingClients: new Map(),
    goneClients: new Map(),
    missingCars: new Map(),
    documentOfClient: new Map(),
    decoysOf: new Map(),
  };
  const extraRefs = Math.min(settings.missingClients, settings.bookings - 2 - specialCount(settings));
  const slots = createSlots(settings, specialCount(settings) + Math.max(0, Math.ceil(extraRefs / 3)));
  const cursor = branches.map(() => 0);

  function addDecoys(target: number, branch: number, count: number): void {
    for (let n = 0; n < count; n++) {
      const index = (cursor[branch] as number) * branches.length + branch;
      if (index >= clients) return;
      cursor[branch] = (cursor[branch] as number) + 1;
      plan.documentOfClient.set(index, `AB${target}`);
      plan.decoysOf.set(target, [...(plan.decoysOf.get(target) ?? []), index]);
    }
  }

  let person = clients;
  for (let n = 0; n < settings.missingClients; n++) {
    const id = ids.missingClientId(n);
    const booking = slots();
    const elsewhere = n % 2 === 1 ? 1 : 0;
    const branch = (booking + elsewhere) % branches.length;
    plan.missingClients.set(id, { index: person++, branch });
    plan.clientOfBooking.set(booking, id);
    if (n % 3 === 0 && n < extraRefs) plan.clientOfBooking.set(slots(), id);
    addDecoys(id, branch, n % 8 === 3 ? DECOYS_BEFORE_PAGE_TWO : 1);
  }
  for (let n = 0; n < settings.goneClients; n++) {
    const id = ids.goneClientId(n);
    const booking = slots();
    const branch = booking % branches.length;
    plan.goneClients.set(id, { index: person++, branch });
    plan.clientOfBooking.set(booking, id);
    if (hash(seed, 5, n) % 2 === 0) addDecoys(id, branch, 1);
  }
  for (let n = 0; n < settings.missingCars; n++) {
    const booking = slots();
    plan.missingCars.set(ids.missingCarId(n), { index: settings.cars + n, branch: booking % branches.length });
    plan.carOfBooking.set(booking, ids.missingCarId(n));
  }
  return plan;
}

const specialCount = (settings: Settings): number =>
  settings.missingClients + settings.goneClients + settings.missingCars;

/** Free booking indexes from 2 on, spread over the whole history and over the branches; each is given out once. */
function createSlots(settings: Settings, count: number): () => number {
  const taken = new Set<number>();
  const room = settings.bookings - 2;
  let n = 0;
  return () => {
    let slot = 2 + (Math.floor(((n + share(hash(settings.seed, 6, n))) * room) / count) % room);
    n++;
    while (taken.has(slot)) slot = 2 + ((slot - 1) % room);
    taken.add(slot);
    return slot;
  };
}
