import { Rejected, Unavailable } from '../errors.ts';

/** README.md §7. Without one of these a line has no key, no day or no sum. */
export const REQUIRED_DIMENSIONS = [
  'Department.Id',
  'UniqOrderId.Id',
  'ItemSaleEvent.Id',
  'OrderNum',
  'OpenDate.Typed',
  'OpenTime',
  'CloseTime',
  'DishId',
  'DishName',
  'Storned',
  'OrderDeleted',
] as const;

/** Used together with the required ones by a working client: they split no line. */
export const OPTIONAL_DIMENSIONS = [
  'SoldWithItem.Id',
  'DishType',
  'DishMeasureUnit',
  'DishCategory',
  'Cashier.Id',
  'OrderWaiter.Id',
  'DeletedWithWriteoff',
  'SourceOrderId',
] as const;

/** Our extras, assumed to split no line; left out (`lean`) when line keys turn out to repeat. */
export const EXTRA_DIMENSIONS = [
  'SessionID',
  'SessionNum',
  'CashRegisterName.Number',
  'FiscalChequeNumber',
  'Store.Id',
  'DishCode',
  'OrderType.Id',
  'OrderType',
  'Cashier',
  'OrderWaiter.Name',
] as const;

export const REQUIRED_MEASURES = ['DishAmountInt', 'DishSumInt', 'DishDiscountSumInt', 'DishReturnSum'] as const;
export const OPTIONAL_MEASURES = ['VAT.Sum', 'GuestNum'] as const;

export const PAYMENT_DIMENSIONS = ['PayTypes.GUID', 'PayTypes', 'PayTypes.Group', 'OperationType'] as const;
const REQUIRED_PAYMENT_DIMENSIONS = ['PayTypes'];

export interface Columns {
  /** Fields that this server has, of those we would like to have. */
  has(field: string): boolean;
}

/**
 * Reads the answer of `/v2/reports/olap/columns?reportType=SALES`, an object by field name. Throws `Rejected` naming
 * the required fields that this server lacks. Optional ones that it lacks are not asked for.
 */
export function readColumns(answer: unknown): Columns {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer) || Object.keys(answer).length === 0)
    throw new Unavailable('GET /v2/reports/olap/columns: answered something that is no list of fields');
  const lacking = [...REQUIRED_DIMENSIONS, ...REQUIRED_MEASURES, ...REQUIRED_PAYMENT_DIMENSIONS].filter(
    (field) => !Object.hasOwn(answer, field),
  );
  if (lacking.length > 0) {
    throw new Rejected(
      `This iikoServer's OLAP report SALES lacks ${lacking.join(', ')}; receipts cannot be read without. Update the server, or switch receipts off (schedule: receipts: off).`,
    );
  }
  return { has: (field) => Object.hasOwn(answer, field) };
}
