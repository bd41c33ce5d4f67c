import { z } from 'zod';

/**
 * Shapes of what is entered: types only. Whether a value keeps to the rules is the database's business, so that there is one
 * place for each rule. Blanks around a text go; an empty optional one is none.
 */
const text = z.string().trim().max(1000);
const optionalText = text.nullish().transform((value) => (value === undefined ? undefined : value || null));
/** Exact: never through a float. */
const amount = z.union([z.number(), text]).transform((value) => String(value).replace(',', '.'));
export const rowId = z.int32();
const day = z.iso.date();

export const guestInput = z.strictObject({
  last_name: text,
  first_name: text,
  middle_name: optionalText,
  passport_series: text,
  passport_number: text,
  phone: optionalText,
});

export const roomInput = z.strictObject({
  id: rowId,
  area: z.int32(),
  price_per_night: amount,
  class: text.optional(),
  has_kitchen: z.boolean().optional(),
  rooms_count: z.int32().optional(),
});

/** Digits as they are pressed on the card; who lets blanks be typed takes them out. */
const cardNumber = text.nullish().transform((value) => (value === undefined ? undefined : value || null));

export const bookingInput = z.strictObject({
  check_in: day,
  check_out: day,
  room_id: rowId,
  booked_on: day.optional(),
  /** The first one is whom the booking is for. */
  guest_ids: z.array(rowId).max(100).optional(),
  card_number: cardNumber,
});

export const bookInInput = z.strictObject({
  booking: bookingInput.omit({ guest_ids: true }),
  /** Guests who are here already by their id, new ones by what is known of them. */
  guests: z
    .array(z.union([z.strictObject({ id: rowId }), guestInput]))
    .min(1)
    .max(100),
});

/** From outside: a price that is no number is told of its field, which PostgreSQL does not name. */
export const roomSent = roomInput.extend({
  price_per_night: amount.pipe(z.string().regex(/^-?\d{1,20}(\.\d{1,20})?$/)),
});

export const guestChanges = guestInput.partial();
export const roomChanges = roomSent.partial();
export const bookingChanges = bookingInput.partial();

export const freeRoomsQuery = z.object({
  checkIn: day,
  checkOut: day,
  class: text.optional(),
  kitchen: z.union([z.boolean(), z.stringbool()]).optional(),
  maxPrice: amount.optional(),
  minArea: z.coerce.number().pipe(z.int32()).optional(),
});

/** Questions as they stand in a URL: numbers and truths are texts there. */
const page = { limit: z.coerce.number().int().min(1).max(200).default(50), after: z.string().max(500).optional() };
const idText = z.coerce.number().pipe(rowId);

export const guestQuery = z.object({ search: text.optional(), ...page });
export const roomQuery = z.object({ search: text.optional(), class: text.optional(), ...page });
export const bookingQuery = z.object({
  from: day.optional(),
  to: day.optional(),
  room: idText.optional(),
  guest: idText.optional(),
  ...page,
});
export const boardQuery = z.object({ from: day.optional(), days: z.coerce.number().int().min(1).max(92).default(14) });
export const priceQuery = z.object({ room_id: idText, check_in: day, check_out: day, booking: idText.optional() });

export type GuestInput = z.output<typeof guestInput>;
export type RoomInput = z.output<typeof roomInput>;
export type BookingInput = z.output<typeof bookingInput>;
export type BookInInput = z.output<typeof bookInInput>;
export type GuestChanges = z.output<typeof guestChanges>;
export type RoomChanges = z.output<typeof roomChanges>;
export type BookingChanges = z.output<typeof bookingChanges>;
export type FreeRoomsQuery = z.output<typeof freeRoomsQuery>;
