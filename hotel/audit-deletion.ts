import { writeAudit } from '../db/audit.ts';
import type { Trx } from '../db/transaction.ts';
import type { Table } from './rows.ts';
import type { GoesAlong } from './what-goes-along.ts';

/** Ids and counts, nobody's name. */
export async function writeDeletion(
  trx: Trx,
  actor: string,
  table: Table,
  id: number,
  along: GoesAlong,
): Promise<void> {
  const bookings = along.deleted.map((booking) => booking.id);
  const details = { bookings, bookings_deleted: along.deleted_count, bookings_kept: along.kept_count };
  await writeAudit(trx, { actor, action: 'delete', target: `hotel/house/${table}/${id}`, details });
}
