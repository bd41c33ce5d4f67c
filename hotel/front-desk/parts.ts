import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sendHtml } from '../../console/page/send-html.ts';
import { visitOf } from '../../console/page/visit.ts';
import type { HotelDesk } from '../desk.ts';
import { blankNumber } from './add-desk-page.ts';
import { foundGuests } from './guest-picker.ts';
import { pricePart } from './price-part.ts';

const text = z.string().max(100).default('');
const price = z.object({ check_in: text, check_out: text, room_id: text, booking: blankNumber });
/** In the body, because a name does not belong into an address. */
const find = z.object({ find: text });

/** Pieces of the booking form that the script asks for while somebody types; without it they come with the next step. */
export function addParts(app: FastifyInstance, desk: HotelDesk): void {
  app.get<{ Querystring: z.output<typeof price> }>(
    '/hotel/parts/price',
    { schema: { hide: true, querystring: price } },
    async (request, reply) => {
      const visit = visitOf(request, reply);
      return sendHtml(reply, visit, await pricePart(desk, request.query, visit));
    },
  );
  app.post<{ Body: z.output<typeof find> }>(
    '/hotel/parts/guests',
    { schema: { hide: true, body: find } },
    async (request, reply) => {
      const visit = visitOf(request, reply);
      return sendHtml(reply, visit, await foundGuests(desk.db, request.body.find.trim(), visit));
    },
  );
}
