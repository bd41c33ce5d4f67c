import { findKnown, type KnownRecord } from '../db/overview/find-known.ts';
import type { OperationsContext } from './context.ts';

export type { KnownRecord };

const LONGEST = 200;

/** Records that somebody may mean by these words: an external id, or the number of a booking. Over all sources. */
export async function findRecord(
  { db, settings, sources }: Pick<OperationsContext, 'db' | 'settings' | 'sources'>,
  words: string,
): Promise<KnownRecord[]> {
  const text = words.trim();
  if (text === '' || text.length > LONGEST) return [];
  const places = settings.sources.flatMap(({ name }) =>
    (sources.get(name)?.entities ?? []).map(({ name: entity, table }) => ({
      source: name,
      entity,
      numbered: table === 'bookings',
    })),
  );
  return findKnown(db, text, places);
}
