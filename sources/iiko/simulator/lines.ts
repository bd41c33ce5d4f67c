import { type Amount, amount, splitAmount, times } from './amounts.ts';
import { nearbyModifier, priceOf } from './catalogue.ts';
import { idOf } from './ids.ts';
import { int, pick, type Random } from './random.ts';
import type { Settings } from './settings.ts';
import type { Line, RawProduct } from './types.ts';

const WEIGHTS = [0.335, 1.5, 0.1, 2.25];
const VAT_OF_GROSS = amount(0.107143);
const LINES_PER_RECEIPT = 64;

export interface LineMaker {
  settings: Settings;
  products: Map<string, RawProduct>;
  /** Number of the receipt within its day, and of its day and department: what its ids are made of. */
  receipt: number;
  part: number;
  storeIds: readonly string[];
  random: Random;
  /** A third off, so that what is left of most prices is a long decimal. */
  discounted: boolean;
}

export function createLine(maker: LineMaker, at: number, productIndex: number, quantity: Amount): Line {
  const { settings, products, receipt, part, storeIds } = maker;
  const id = idOf(settings.seed, 'product', productIndex);
  const known = products.get(id);
  const sum = times(amount(priceOf(settings.seed, productIndex)), quantity);
  const revenue = maker.discounted ? (splitAmount(sum, [2n, 1n])[0] as Amount) : sum;
  return {
    id: idOf(settings.seed, 'line', receipt * LINES_PER_RECEIPT + at, part),
    soldWith: null,
    productId: id,
    name: known?.name ?? 'Удалённое блюдо',
    type: known?.type === 'MODIFIER' ? 'MODIFIER' : known?.type === 'GOODS' ? 'GOOD' : 'DISH',
    code: String(known?.num ?? ''),
    measureUnit: 'порц',
    storeId: storeIds[productIndex % storeIds.length] ?? null,
    quantity,
    sum,
    revenue,
    returned: 0n,
    vat: times(revenue, VAT_OF_GROSS),
    storned: false,
    writeoff: 'NOT_DELETED',
  };
}

/** One to five dishes; some weighed, some repeated as lines of their own, some with a modifier below them. */
export function createLines(maker: LineMaker, repeatFirst: boolean): Line[] {
  const { random, settings } = maker;
  const lines: Line[] = [];
  const dishes = 1 + int(random, 4);
  for (let n = 0; n < dishes; n++) {
    const product = int(random, settings.products);
    const quantity = amount(random() < 0.2 ? pick(random, WEIGHTS) : 1 + int(random, 3));
    const dish = createLine(maker, lines.length, product, quantity);
    lines.push(dish);
    if (repeatFirst && n === 0) lines.push(createLine(maker, lines.length, product, quantity));
    if (random() < 0.15) {
      const modifier = createLine(maker, lines.length, nearbyModifier(product, settings.products), amount(1));
      lines.push({ ...modifier, soldWith: dish.id });
    }
  }
  return lines;
}

/** The second line of a return within the same receipt: everything negative, and what was returned positive. */
export const returnOf = (line: Line, id: string): Line => ({
  ...line,
  id,
  soldWith: null,
  quantity: -line.quantity,
  sum: -line.sum,
  revenue: -line.revenue,
  vat: -line.vat,
  returned: line.revenue,
  storned: false,
});

/** A line of a linked refund receipt. The vendor writes some with a negative sum, and some with none. */
export function refundOf(line: Line, id: string, withSum: boolean): Line {
  const sums = withSum ? { sum: -line.sum, revenue: -line.revenue, vat: -line.vat } : { sum: 0n, revenue: 0n, vat: 0n };
  const writeoff = withSum ? 'NOT_DELETED' : 'DELETED_WITH_WRITEOFF';
  return {
    ...line,
    ...sums,
    id,
    soldWith: null,
    quantity: -line.quantity,
    returned: line.revenue,
    storned: true,
    writeoff,
  };
}
