import { idOf } from './ids.ts';
import type { Payment } from './types.ts';

const TYPES = [
  { name: 'Наличные', group: 'CASH' },
  { name: 'Карта тест-банка ', group: 'CARD' },
  { name: 'Баллы', group: 'NON_CASH' },
];

/** What a receipt without any payment shows. */
export const UNPAID: Payment = {
  id: '',
  typeId: null,
  name: '(без оплаты)',
  group: 'NON_CASH',
  operation: 'NO_PAYMENT',
  weight: 1n,
};

export function createPayment(seed: number, receipt: number, part: number, type: number, weight: bigint): Payment {
  const { name, group } = TYPES[type % TYPES.length] as (typeof TYPES)[number];
  return {
    id: idOf(seed, 'payment', receipt * 4 + type, part),
    typeId: idOf(seed, 'payType', type % TYPES.length),
    name,
    group,
    operation: 'PAYMENT',
    weight,
  };
}
