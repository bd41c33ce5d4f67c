import { COUNTS, DIMENSIONS, isMeasure, SUMS } from './olap-fields.ts';
import type { Fields } from './types.ts';

/** `/v2/reports/olap/columns`: every field that this server has, by name. */
export function olapColumns(missing: readonly string[]): Fields {
  const names = [...Object.keys(DIMENSIONS), ...Object.keys(SUMS), ...Object.keys(COUNTS)];
  return Object.fromEntries(
    names
      .filter((name) => !missing.includes(name))
      .map((name) => [
        name,
        {
          name: `Поле ${name}`,
          type: typeOf(name),
          aggregationAllowed: isMeasure(name),
          groupingAllowed: !isMeasure(name),
          filteringAllowed: true,
          tags: [isMeasure(name) ? 'Оплата' : 'Заказ'],
        },
      ]),
  );
}

function typeOf(name: string): string {
  if (isMeasure(name)) return name === 'DishAmountInt' ? 'AMOUNT' : 'MONEY';
  if (name === 'OpenDate.Typed') return 'DATE';
  if (name === 'OpenTime' || name === 'CloseTime') return 'DATETIME';
  return /id$/i.test(name) ? 'ID' : 'STRING';
}
