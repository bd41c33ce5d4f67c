import type { Section } from '../../console/page/section.ts';
import { addHotelApi } from '../api/index.ts';
import type { HotelDesk } from '../desk.ts';

/** `/hotel` and `/api/hotel`: the house hotel's front desk, for people and for programs. */
export function frontDesk({ cardKey }: Pick<HotelDesk, 'cardKey'>): Section {
  return {
    path: '/hotel',
    words: { en: 'Hotel', ru: 'Гостиница' },
    async add(app, { db, settings }) {
      const account = settings.sources.find(({ name }) => name === 'hotel')?.accounts[0];
      const desk: HotelDesk = { db, cardKey, currency: account?.currency ?? 'RUB' };
      await addHotelApi(app, desk);
    },
  };
}
