import { databaseFault } from '../db/sql-state.ts';
import { HotelRule, type StayConflict } from './hotel-rule.ts';
import { missingMessage } from './missing-messages.ts';
import { ruleMessages } from './rule-messages.ts';

const NOT_NULL = '23502';
/** A text that is no number, day or truth, a number beyond its type, a day that does not exist. */
const WRONG_KIND = new Set(['22P02', '22003', '22007', '22008', '22021', '22P05']);
const TAKEN = new Set(['bookings_stay_key', 'bookings_stay_excl']);

/** Whether a fault says that the room is taken: then its explanation is the conflicting booking. */
export function isTaken(error: unknown): boolean {
  return TAKEN.has(databaseFault(error)?.constraint ?? '');
}

/** What PostgreSQL refused, as the rule that was broken. An error that is no rule is answered as it is. */
export function explainFault(error: unknown, conflict?: StayConflict): unknown {
  const fault = databaseFault(error);
  if (!fault) return error;
  if (fault.code === NOT_NULL && fault.column) return new HotelRule('VALUE_MISSING', missingMessage(fault.column));
  if (WRONG_KIND.has(fault.code)) {
    const en = 'A value is not of the right kind: look at numbers and dates.';
    return new HotelRule('VALUE_INVALID', { field: null, en, ru: 'Неверный вид значения: проверьте числа и даты.' });
  }
  const { constraint = '' } = fault;
  const rule = ruleMessages[constraint];
  if (!rule) return error;
  // No cause: PostgreSQL's error quotes the row.
  if (!TAKEN.has(constraint)) return new HotelRule('RULE_BROKEN', rule, { constraint });
  return new HotelRule(
    'ROOM_TAKEN',
    { ...rule, ...(conflict && withConflict(rule, conflict)) },
    {
      constraint,
      ...(conflict && { conflict }),
    },
  );
}

function withConflict(
  { en, ru }: { en: string; ru: string },
  { booking_id: id, check_in: from, check_out: to }: StayConflict,
): { en: string; ru: string } {
  return {
    en: `${en} Booking ${id} has it from ${from} to ${to}.`,
    ru: `${ru} Её занимает бронь ${id}: с ${from} по ${to}.`,
  };
}
