import { amount } from './amounts.ts';
import { createProduct, priceOf } from './catalogue.ts';
import { dayNumber } from './dates.ts';
import { idOf } from './ids.ts';
import { refundOf, returnOf } from './lines.ts';
import { createPayment } from './payments.ts';
import type { Department, Line, Mutations, Receipt } from './types.ts';
import type { World } from './world.ts';

/** Ids of what was made by hand start here; the seed's own numbers stay far below. */
const BY_HAND = 0x4000_0000;

/** Changes at the vendor. The vendor tells nobody: there are no webhooks. */
export function createMutations(world: World): Mutations {
  const { settings, catalogue, corporation } = world;
  const { seed } = settings;
  let made = 0;
  const fresh = (): number => BY_HAND + made++;

  function patch<T extends { id: string }>(map: Map<string, T>, id: string, over: object): T {
    const known = map.get(id);
    if (!known) throw new RangeError(`The iiko simulator has no record ${id}`);
    const changed = { ...known, ...over, id };
    map.set(id, changed);
    return changed;
  }

  function department(id: string): Department {
    const found = corporation.departments.find((each) => each.id === id);
    if (!found) throw new RangeError(`The iiko simulator has no department ${id}`);
    return found;
  }

  function receipt(date: string, orderId: string): Receipt {
    const found = world.day(date).find(({ id }) => id === orderId);
    if (!found) throw new RangeError(`The iiko simulator has no receipt ${orderId} on ${date}`);
    return found;
  }

  function put(date: string, changed: Receipt): Receipt {
    const others = world.day(date).filter(({ id }) => id !== changed.id);
    world.setDay(date, [...others, changed]);
    return changed;
  }

  function changeLines(date: string, lineId: string, change: (line: Line) => Line[]): Line {
    const owner = world.day(date).find(({ lines }) => lines.some(({ id }) => id === lineId));
    if (!owner) throw new RangeError(`The iiko simulator has no line ${lineId} on ${date}`);
    const lines = owner.lines.flatMap((line) => (line.id === lineId ? change(line) : [line]));
    put(date, { ...owner, lines });
    return lines.find(({ id }) => id === lineId) ?? (owner.lines.find(({ id }) => id === lineId) as Line);
  }

  function blank(place: Department, date: string, over: Partial<Receipt>): Receipt {
    const at = fresh();
    const shift = world.shifts.shiftOf(place, date);
    return {
      id: idOf(seed, 'order', at),
      department: place,
      date,
      number: at - BY_HAND + 1,
      fiscalChequeNumber: null,
      openTime: `${date}T12:00:00`,
      closeTime: `${date}T12:20:00.5`,
      sessionId: shift?.id ?? idOf(seed, 'shift', at),
      sessionNumber: shift?.number ?? 0,
      orderType: { id: idOf(seed, 'orderType', 0), name: 'Зал' },
      guests: 1,
      waiter: null,
      cashier: { id: idOf(seed, 'person', 0), name: 'Анна Тестова' },
      sourceOrderId: null,
      deleted: false,
      lines: [],
      payments: [createPayment(seed, at % 1_000_000, dayNumber(date), 0, 1n)],
      ...over,
    };
  }

  function soldLine(productId: string, storeId: string | null): Line {
    const at = fresh();
    const price = amount(priceOf(seed, at));
    return {
      id: idOf(seed, 'line', at),
      soldWith: null,
      productId,
      name: catalogue.products.get(productId)?.name ?? 'Новое блюдо',
      type: 'DISH',
      code: '',
      measureUnit: 'порц',
      storeId,
      quantity: amount(1),
      sum: price,
      revenue: price,
      returned: 0n,
      vat: 0n,
      storned: false,
      writeoff: 'NOT_DELETED',
    };
  }

  return {
    createProduct(over = {}) {
      const product = { ...createProduct(seed, fresh(), settings.products), deleted: false, ...over };
      catalogue.products.set(product.id, product);
      return product;
    },
    updateProduct: (id, over) => patch(catalogue.products, id, over),
    updateGroup: (id, over) => patch(catalogue.groups, id, over),
    updateCategory: (id, over) => patch(catalogue.categories, id, over),
    createStore(departmentId, name) {
      const store = { id: idOf(seed, 'store', fresh()), name, code: '', departmentId: department(departmentId).id };
      corporation.stores.push(store);
      return store;
    },
    removeStore: (id) => void world.hidden.add(id),
    removeDepartment: (id) => void world.hidden.add(department(id).id),
    sell(departmentId, date, productIds, over = {}) {
      const storeId = over.storeId ?? null;
      const lines = productIds.map((id) => soldLine(id, storeId));
      return put(date, blank(department(departmentId), date, { lines }));
    },
    removeLine: (date, lineId) => void changeLines(date, lineId, () => []),
    changeLine: (date, lineId, over) => changeLines(date, lineId, (line) => [{ ...line, ...over }]),
    returnLine(date, lineId) {
      const negative = idOf(seed, 'line', fresh());
      return changeLines(date, lineId, (line) => [{ ...line, storned: true }, returnOf(line, negative)]);
    },
    refundReceipt(date, orderId, onDate) {
      const original = receipt(date, orderId);
      const lines = original.lines.map((line) => refundOf(line, idOf(seed, 'line', fresh()), false));
      return put(onDate, blank(original.department, onDate, { lines, sourceOrderId: original.id }));
    },
    deleteReceipt(date, orderId) {
      const original = receipt(date, orderId);
      const lines = original.lines.map((line): Line => ({ ...line, writeoff: 'DELETED_WITHOUT_WRITEOFF' }));
      return put(date, { ...original, deleted: true, lines, payments: [] });
    },
    moveReceipt(date, orderId, toDate) {
      const original = receipt(date, orderId);
      world.setDay(
        date,
        world.day(date).filter(({ id }) => id !== orderId),
      );
      return put(toDate, { ...original, date: toDate });
    },
    emptyDay: (date) => world.setDay(date, []),
    setShift(departmentId, date, status, at) {
      const time = at ?? `${date}T23:59:59`;
      const closed = status === 'OPEN' ? null : time;
      const acceptDate = status === 'ACCEPTED' ? time : null;
      return world.shifts.change(department(departmentId), date, { status, closeDate: closed, acceptDate });
    },
  };
}
