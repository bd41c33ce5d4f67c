import { type Amount, amountText } from './amounts.ts';
import { COUNTS, DIMENSIONS, type Dimension, type Fact, factsOf, PAYMENT_DIMENSIONS, SUMS } from './olap-fields.ts';
import type { OlapQuery } from './olap-query.ts';
import type { Faults, Receipt } from './types.ts';
import type { World } from './world.ts';

const DECIMALS = 20;

interface Group {
  keys: string;
  sums: Amount[];
  receipts: Set<Receipt>;
}

/**
 * `GROUP BY` over the lines of the days, as `{"data":[…],"summary":[…]}` and the number of its rows. The JSON is put
 * together by hand, because a measure may have more digits than a JavaScript number holds.
 */
export function runOlap(world: World, query: OlapQuery, faults: Faults): { body: string; rows: number } {
  const sums = query.measures.filter((field) => Object.hasOwn(SUMS, field));
  const groups = new Map<string, Group>();
  const names = query.dimensions.map((field) => `${JSON.stringify(field)}:`);
  for (const fact of factsIn(world, query, faults.splittingColumns)) {
    const keys = query.dimensions
      .map((field, at) => names[at] + JSON.stringify(keyValue(field, fact, world, faults)))
      .join(',');
    const key = `${fact.half} ${keys}`;
    const group = groups.get(key) ?? { keys, sums: sums.map(() => 0n), receipts: new Set() };
    groups.set(key, group);
    group.receipts.add(fact.receipt);
    sums.forEach((field, at) => {
      group.sums[at] = (group.sums[at] as Amount) + (SUMS[field] as (fact: Fact) => Amount)(fact);
    });
  }
  const rows = [...groups.values()].map((group) => rowText(group, query, sums, faults));
  const summary = query.summary ? `[[{},{}]]` : '[]';
  return { body: `{"data":[${rows.join(',')}],"summary":${summary}}`, rows: rows.length };
}

function* factsIn(world: World, query: OlapQuery, splitting: readonly string[]): Generator<Fact> {
  const byPayment = query.dimensions.some((field) => Object.hasOwn(PAYMENT_DIMENSIONS, field));
  const torn = query.dimensions.some((field) => splitting.includes(field));
  for (const date of world.days(query.from, query.to)) {
    for (const receipt of world.day(date))
      for (const fact of factsOf(receipt, byPayment, torn)) if (passes(fact, query, world)) yield fact;
  }
}

const passes = (fact: Fact, query: OlapQuery, world: World): boolean =>
  query.values.every(({ field, include, values }) => {
    const value = (DIMENSIONS[field] as Dimension | undefined)?.(fact, world);
    return values.has(String(value)) === include;
  });

function keyValue(field: string, fact: Fact, world: World, faults: Faults): string | number | null {
  const value = (DIMENSIONS[field] as Dimension)(fact, world);
  return field === 'OpenDate.Typed' && faults.longDates ? `${value}T00:00:00` : value;
}

function rowText({ keys, sums, receipts }: Group, query: OlapQuery, summed: string[], faults: Faults): string {
  const measures = query.measures.map((field) => {
    const count = COUNTS[field];
    const plain = count ? String(count(receipts)) : amountText(sums[summed.indexOf(field)] as Amount);
    const number = faults.longNumbers && !count ? withDecimals(plain) : plain;
    return `${JSON.stringify(field)}:${faults.numbersAsText ? `"${number}"` : number}`;
  });
  return `{${[...(keys ? [keys] : []), ...measures].join(',')}}`;
}

function withDecimals(number: string): string {
  const [whole, fraction = ''] = number.split('.');
  return `${whole}.${fraction.padEnd(DECIMALS, '0')}`;
}
