import type { RuleMessage } from './rule-messages.ts';

export type HotelRuleCode =
  /** A rule of the database; `constraint` names it. */
  | 'RULE_BROKEN'
  /** The room is taken; `conflict` says by what. */
  | 'ROOM_TAKEN'
  /** A value that is required is missing, or one is of a wrong kind. */
  | 'VALUE_MISSING'
  | 'VALUE_INVALID'
  | 'NOT_FOUND'
  /** Somebody has changed the record since it was read; `current` is its version now. */
  | 'CHANGED_MEANWHILE'
  | 'CARD_KEY_MISSING'
  | 'CARD_KEY_WRONG';

/** A booking that stands in the way. No name: whoever may see it looks it up. */
export interface StayConflict {
  booking_id: number;
  room_id: number;
  check_in: string;
  check_out: string;
}

export interface HotelRuleDetails {
  constraint?: string | undefined;
  conflict?: StayConflict | undefined;
  current?: number | undefined;
}

/** What the hotel does not let happen, in words for the one at the desk. Holds no value that was entered. */
export class HotelRule extends Error {
  readonly code: HotelRuleCode;
  /** Column of the record, `card_number`, or with its place before it: `guests.0.last_name`. Null when it is none of these. */
  readonly field: string | null;
  readonly messages: Readonly<Record<'en' | 'ru', string>>;
  readonly constraint: string | undefined;
  readonly conflict: StayConflict | undefined;
  readonly current: number | undefined;

  constructor(
    code: HotelRuleCode,
    { field, en, ru }: Omit<RuleMessage, 'field'> & { field: string | null },
    { constraint, conflict, current }: HotelRuleDetails = {},
  ) {
    super(en);
    this.name = 'HotelRule';
    this.code = code;
    this.field = field;
    this.messages = { en, ru };
    this.constraint = constraint;
    this.conflict = conflict;
    this.current = current;
  }
}

/** The same of a field inside a list: `last_name` of the first guest is `guests.0.last_name`. */
export function atPlace(place: string, error: unknown): unknown {
  if (!(error instanceof HotelRule) || error.field === null) return error;
  return new HotelRule(error.code, { field: `${place}.${error.field}`, ...error.messages }, error);
}
