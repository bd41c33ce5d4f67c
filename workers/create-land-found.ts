import type { Db } from '../db/connection.ts';
import type { LandedRecord } from '../db/landing/land-records.ts';
import { type FoundAt, type FoundRecord, landFound } from '../db/lookups.ts';
import { createCoalescer } from '../jobs/coalescer.ts';

const MOST_RECORDS = 50;

type Land = (found: FoundRecord) => Promise<number | undefined>;

/** How this process lands what look-ups find: one transaction for those of an entity and account that end together. */
export function createLandFound(
  db: Db,
  keepLanded: (landed: readonly LandedRecord[]) => void,
): (at: FoundAt, found: FoundRecord) => Promise<number | undefined> {
  const coalescers = new Map<string, Land>();

  function coalesce(at: FoundAt): Land {
    return createCoalescer<FoundRecord, number | undefined>(
      async (found) => {
        const landed = await landFound(db, at, found);
        keepLanded(landed);
        const versions = new Map(landed.map(({ externalId, version }) => [externalId, version]));
        return ({ record }) => versions.get(record.externalId);
      },
      { most: MOST_RECORDS, atOnce: 1 },
    );
  }

  return (at, found) => {
    const name = `${at.source} ${at.entity} ${at.scope} ${at.account}`;
    const land = coalescers.get(name) ?? coalesce(at);
    coalescers.set(name, land);
    return land(found);
  };
}
