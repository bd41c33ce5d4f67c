import type { Db } from '../db/connection.ts';
import { type OpenLookup, readLookups } from '../db/lookups.ts';
import type { RecordKey } from '../db/record-key.ts';
import { createCoalescer, createCoalescers } from '../jobs/coalescer.ts';

/** As many as a queue of look-ups has under way. */
const MOST_LOOKUPS = 50;

/** How this process reads the look-ups whose turn has come: one statement for those of a moment. */
export function createReadLookup(db: Db): (key: RecordKey) => Promise<OpenLookup | undefined> {
  const readOne = createCoalescers((place: Omit<RecordKey, 'externalId'>) =>
    createCoalescer<string, OpenLookup | undefined>(
      async (externalIds) => {
        const open = await readLookups(db, place, externalIds);
        return (externalId) => open.get(externalId);
      },
      { most: MOST_LOOKUPS, atOnce: 2 },
    ),
  );
  return ({ source, scope, entity, externalId }) => readOne({ source, scope, entity }, externalId);
}
