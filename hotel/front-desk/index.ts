import type { FastifyError, FastifyInstance } from 'fastify';
import { languageOf } from '../../console/page/language.ts';
import type { Section } from '../../console/page/section.ts';
import { addHotelApi } from '../api/index.ts';
import type { HotelDesk } from '../desk.ts';
import { explainFault } from '../explain-fault.ts';
import { HotelRule } from '../hotel-rule.ts';
import { addBoard } from './board.ts';
import { addBook } from './book.ts';
import { addBookingEdit } from './booking-edit.ts';
import { addBookingList } from './booking-list.ts';
import { addBookingPage } from './booking-page.ts';
import { addFreeRooms } from './free-rooms.ts';
import { addGuestPages } from './guest-pages.ts';
import { addParts } from './parts.ts';
import { addRoomPages } from './room-pages.ts';

/** `/hotel` and `/api/hotel`: the house hotel's front desk, for people and for programs. */
export function frontDesk({ cardKey }: Pick<HotelDesk, 'cardKey'>): Section {
  return {
    path: '/hotel',
    words: { en: 'Hotel', ru: 'Гостиница' },
    async add(root, { db, settings }) {
      const account = settings.sources.find(({ name }) => name === 'hotel')?.accounts[0];
      const desk: HotelDesk = { db, cardKey, currency: account?.currency ?? 'RUB' };
      await addHotelApi(root, desk);
      await root.register(async (app) => {
        tellRules(app);
        addBoard(app, desk);
        addFreeRooms(app, desk);
        addBook(app, desk);
        addBookingList(app, desk);
        addBookingPage(app, desk);
        addBookingEdit(app, desk);
        addGuestPages(app, desk);
        addRoomPages(app, desk);
        addParts(app, desk);
      });
    },
  };
}

/** A rule that no form has told: there is no such record, or the address is not one of ours. */
function tellRules(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const rule = explainFault(error);
    if (!(rule instanceof HotelRule)) throw error;
    if (rule.code === 'NOT_FOUND') return reply.callNotFound();
    throw Object.assign(new Error(rule.messages[languageOf(request)]), { statusCode: 400 });
  });
}
