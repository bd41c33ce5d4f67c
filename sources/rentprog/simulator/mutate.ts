import type { Store } from './store.ts';
import type { Fields, Json, Mutations, RawBooking, RawCar, RawClient } from './types.ts';
import type { Webhooks } from './webhooks.ts';
import type { World } from './world.ts';

/** Changes at the vendor, each with its webhook. */
export function createMutations(world: World, store: Store, webhooks: Webhooks): Mutations {
  const { settings, ids, plan } = world;
  let bookings = settings.bookings;
  let clients = 0;

  function branchNamed(name: string): number {
    const branch = settings.branches.findIndex((each) => each.name === name);
    if (branch < 0) throw new RangeError(`The RentProg simulator has no branch ${name}`);
    return branch;
  }

  function theBooking(id: number): { booking: RawBooking; branch: number } {
    const branch = store.branchOfBooking(id);
    if (branch < 0) throw new RangeError(`The RentProg simulator lists no booking ${id}`);
    return { booking: store.bookingBase(id), branch };
  }

  function theClient(id: number): { client: RawClient; branch: number } {
    const branch = store.branchOfClient(id);
    const client = store.client(id);
    if (branch < 0 || !client) throw new RangeError(`The RentProg simulator has no client ${id}`);
    return { client, branch };
  }

  /** The names on the row are those of the client it points at. */
  function clientNames(clientId: Json): Fields {
    if (clientId === null) return { first_name: null, last_name: null, middle_name: null };
    const client = typeof clientId === 'number' ? store.client(clientId) : undefined;
    if (!client) return {};
    return { first_name: client.name, last_name: client.lastname, middle_name: client.middlename ?? null };
  }
  const named = (over: Fields): Fields => ('client_id' in over ? clientNames(over.client_id ?? null) : {});

  function newClient(id: number, branch: number, over: Fields): RawClient {
    const known = store.client(id);
    const index =
      plan.goneClients.get(id)?.index ?? settings.clients + plan.missingClients.size + plan.goneClients.size + clients;
    const base = known ?? world.clientRecord(id, index, branch);
    return { ...base, ...over, id, company_id: world.companyId(branch) };
  }

  function changeBooking(id: number, patch: Fields, toBranch?: number): RawBooking {
    const { booking, branch } = theBooking(id);
    const changes = { ...named(patch), ...patch };
    const changed = { ...booking, ...changes, id };
    store.putBooking(changed, toBranch ?? branch);
    webhooks.send(toBranch ?? branch, 'booking_update', changesOf(booking, changed));
    return changed;
  }

  return {
    createBooking(branchName, over = {}) {
      const branch = branchNamed(branchName);
      const booking = { ...world.booking(bookings++, branch), ...named(over), ...over };
      store.putBooking(booking, branch);
      webhooks.send(branch, 'booking_create', booking);
      return booking;
    },
    updateBooking: (id, patch) => changeBooking(id, patch),
    archiveBooking(id) {
      const { booking, branch } = theBooking(id);
      const archived = { ...booking, archive: true };
      store.removeBooking(id);
      webhooks.send(branch, 'booking_update', changesOf(booking, archived));
      return archived;
    },
    destroyBooking(id) {
      const { branch } = theBooking(id);
      store.removeBooking(id);
      webhooks.send(branch, 'booking_destroy', { id });
    },
    moveBooking(id, toBranch) {
      const branch = branchNamed(toBranch);
      return changeBooking(id, { company_id: world.companyId(branch) }, branch);
    },
    createClient(branchName, over = {}) {
      const branch = branchNamed(branchName);
      const client = newClient(Number(over.id ?? ids.createdClientId(clients)), branch, over);
      clients++;
      store.putClient(client, branch);
      webhooks.send(branch, 'client_create', client);
      return client;
    },
    updateClient(id, patch) {
      const { client, branch } = theClient(id);
      const changed = { ...client, ...patch, id };
      store.putClient(changed, branch, store.hiddenClientIds(branch).includes(id));
      webhooks.send(branch, 'client_update', changesOf(client, changed));
      return changed;
    },
    updateCar(id, patch) {
      const car = store.car(id);
      if (!car) throw new RangeError(`The RentProg simulator has no car ${id}`);
      const changed: RawCar = { ...car, ...patch, id };
      store.putCar(changed);
      return changed;
    },
    destroyClient(id) {
      const { branch } = theClient(id);
      store.removeClient(id);
      webhooks.send(branch, 'client_destroy', { id });
    },
    revealClient(id, branchName) {
      const branch = branchNamed(branchName);
      const client = newClient(id, branch, {});
      store.removeClient(id);
      store.putClient(client, branch);
      webhooks.send(branch, 'client_create', client);
      return client;
    },
  };
}

/** Only changed fields, each as [old, new], and the scalars that every update carries. */
function changesOf(before: Fields, after: Fields): Fields {
  const pairs = Object.keys(after)
    .filter((field) => JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null))
    .map((field): [string, Json] => [field, [before[field] ?? null, after[field] ?? null]]);
  return {
    ...Object.fromEntries(pairs),
    id: after.id as number,
    user_id: 501,
    created_from_api: false,
    updated_from_api: false,
  };
}
