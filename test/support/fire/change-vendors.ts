import type { IikoSimulator } from '../../../sources/iiko/simulator.ts';
import type { LitepmsSimulator } from '../../../sources/litepms/simulator.ts';
import type { RentprogSimulator } from '../../../sources/rentprog/simulator.ts';
import type { Seeded } from '../seeded.ts';

/*
 * One change at a vendor, as the vendor's users make them. Only what the next reading of the lists finds: that an archived
 * booking of RentProg stays here is another test's business.
 */

const price = (random: Seeded) => random.int(100_000) / 100;

export function changeRentprog({ mutate, truth, branches }: RentprogSimulator, random: Seeded): void {
  const branch = random.pick(branches).name;
  const { bookings, clients, missingClientIds } = truth();
  const kind = random.int(10);
  if (kind < 2) {
    const client = mutate.createClient(branch);
    mutate.createBooking(branch, { client_id: client.id });
  } else if (kind < 3) mutate.moveBooking(random.pick(bookings).id, branch);
  else if (kind < 5) {
    const listed = clients.filter(({ id }) => !missingClientIds.includes(id));
    mutate.updateClient(random.pick(listed).id, { dop_info: `Пожелание ${random.int(1_000_000)}` });
  } else mutate.updateBooking(random.pick(bookings).id, { total: price(random), state: random.pick(STATES) });
}

const STATES = ['Новая', 'Подтверждена', 'Активная', 'Отмена'];

/** `deletes`: whether bookings may be deleted, which only a full reading finds. */
export function changeLitepms(
  { mutate, truth, hotels }: LitepmsSimulator,
  random: Seeded,
  { deletes }: { deletes: boolean },
): void {
  const hotel = random.pick(hotels).name;
  const { bookings, clients, rooms, missingClientIds } = truth()[hotel]!;
  const kind = random.int(10);
  if (kind < 2) {
    const client = mutate.createClient(hotel);
    mutate.createBooking(hotel, { client_id: client.id });
  } else if (kind < 3) mutate.editRoom(hotel, random.pick(rooms).id, { price: `${price(random)}` });
  else if (kind < 4) {
    const listed = clients.filter(({ id }) => !missingClientIds.includes(id));
    mutate.editClient(hotel, random.pick(listed).id, { comment: `Пожелание ${random.int(1_000_000)}` });
  } else if (kind < 5 && deletes) {
    // A client that no list has is known by its bookings alone, to the truth too.
    const plain = bookings.filter(({ client_id: id }) => !missingClientIds.includes(id));
    mutate.deleteBooking(hotel, random.pick(plain).id);
  } else
    mutate.editBooking(hotel, random.pick(bookings).id, {
      price: `${price(random)}`,
      status_id: `${1 + random.int(6)}`,
    });
}

export function changeIiko({ mutate, truth, departments }: IikoSimulator, random: Seeded): void {
  const { receipts, lines, products } = truth();
  const days = [...new Set(receipts.map(({ date }) => date))];
  const sold = receipts.filter(({ deleted, sourceOrderId }) => !deleted && sourceOrderId === null);
  const { date, orderId } = random.pick(sold);
  const kind = random.int(10);
  if (kind < 1) mutate.updateProduct(random.pick(products).id, { num: `Т-${random.int(1_000_000)}` });
  else if (kind < 2) mutate.moveReceipt(date, orderId, random.pick(days));
  else if (kind < 3) mutate.deleteReceipt(date, orderId);
  else if (kind < 4) mutate.refundReceipt(date, orderId, random.pick(days));
  else if (kind < 6) {
    const line = random.pick(lines.filter((each) => each.orderId === orderId && !each.storned));
    mutate.returnLine(date, line.lineId);
  } else {
    const product = kind < 8 ? mutate.createProduct({ modifiers: [] }) : random.pick(products);
    mutate.sell(random.pick(departments).id, random.pick(days), [product.id]);
  }
}
