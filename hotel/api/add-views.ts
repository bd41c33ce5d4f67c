import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { HotelDesk } from '../desk.ts';
import { findFreeRooms } from '../find-free-rooms.ts';
import { readGuest } from '../guests.ts';
import { previewPrice } from '../preview-price.ts';
import { readBoard } from '../read-board.ts';
import { ROOM_CLASSES, readRoom } from '../rooms.ts';
import { boardQuery, priceQuery, rowId } from '../shapes.ts';
import { whatGoesAlong } from '../what-goes-along.ts';
import { alongAnswer, boardAnswer, freeRoomsAnswer, priceAnswer, problemAnswer } from './answers.ts';

const day = z.iso.date();
const number = z.coerce.number().pipe(rowId);
const freeRooms = z.object({
  check_in: day,
  check_out: day,
  class: z.enum(ROOM_CLASSES).optional(),
  kitchen: z.stringbool().optional(),
  max_price: z
    .string()
    .regex(/^\d{1,8}([.,]\d{1,2})?$/)
    .transform((price) => price.replace(',', '.'))
    .optional()
    .describe('Per night'),
  min_area: number.optional(),
});
const params = z.object({ id: number });

/** Questions: what is free, what it would cost, how the house stands, what a deletion would take along. */
export function addViews(app: FastifyInstance, { db }: Pick<HotelDesk, 'db'>): void {
  const tags = ['hotel'];
  const schema = (summary: string, answer: z.ZodType) => ({
    tags,
    summary,
    response: { 200: answer, '4xx': problemAnswer },
  });

  app.get<{ Querystring: z.output<typeof freeRooms> }>(
    '/api/hotel/free-rooms',
    {
      schema: {
        ...schema('Rooms that are free for every night, cheapest first', freeRoomsAnswer),
        querystring: freeRooms,
      },
    },
    async ({ query }) => {
      const {
        check_in: checkIn,
        check_out: checkOut,
        class: of,
        kitchen,
        max_price: maxPrice,
        min_area: minArea,
      } = query;
      return { items: await findFreeRooms(db, { checkIn, checkOut, class: of, kitchen, maxPrice, minArea }) };
    },
  );
  app.get<{ Querystring: z.output<typeof priceQuery> }>(
    '/api/hotel/price',
    { schema: { ...schema('What a stay would cost if it were booked now', priceAnswer), querystring: priceQuery } },
    ({ query: { booking, ...stay } }) => previewPrice(db, stay, booking ?? null),
  );
  app.get<{ Querystring: z.output<typeof boardQuery> }>(
    '/api/hotel/board',
    {
      schema: { ...schema('Rooms by days, and who comes, goes and stays today', boardAnswer), querystring: boardQuery },
    },
    ({ query }) => readBoard(db, query),
  );
  app.get<{ Params: z.output<typeof params> }>(
    '/api/hotel/guests/:id/goes-along',
    { schema: { ...schema('What deleting the guest would take along', alongAnswer), params } },
    async ({ params: { id } }) => {
      await readGuest(db, id);
      return whatGoesAlong(db, { guest: id });
    },
  );
  app.get<{ Params: z.output<typeof params> }>(
    '/api/hotel/rooms/:id/goes-along',
    { schema: { ...schema('What deleting the room would take along', alongAnswer), params } },
    async ({ params: { id } }) => {
      await readRoom(db, id);
      return whatGoesAlong(db, { room: id });
    },
  );
}
