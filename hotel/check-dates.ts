import { HotelRule } from './hotel-rule.ts';
import { ruleMessages } from './rule-messages.ts';

/** For questions about a stay, which no constraint looks at. Days as `YYYY-MM-DD`. */
export function checkDates(checkIn: string, checkOut: string): void {
  const constraint = 'bookings_check_out_check';
  if (checkOut <= checkIn) throw new HotelRule('RULE_BROKEN', ruleMessages[constraint]!, { constraint });
}
