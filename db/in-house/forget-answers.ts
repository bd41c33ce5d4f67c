import { sql } from 'kysely';
import type { Db } from '../connection.ts';

/** How long an `Idempotency-Key` is good for. */
export const ANSWERS_KEPT = sql`interval '24 hours'`;
const MOST = 500;

/** Answers kept for requests that are sent again hold names and passports: they go when nobody needs them. */
export async function forgetOldAnswers(db: Db): Promise<void> {
  await sql`
    delete from hotel.api_requests where key in (
      select key from hotel.api_requests where at < now() - ${ANSWERS_KEPT}
      order by at limit ${MOST} for update skip locked)`.execute(db);
}
