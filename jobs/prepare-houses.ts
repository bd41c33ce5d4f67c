import { askDatabase } from '../db/ask-database.ts';
import { inHouseOf } from './carry-outbox.ts';
import type { JobContext } from './define-job.ts';

/** Makes the settings known to the sources that live in our database; at the start of every process that works with them. */
export async function prepareHouses(context: Pick<JobContext, 'db' | 'settings' | 'sources'>): Promise<void> {
  for (const { account, prepare } of inHouseOf(context)) await prepare(askDatabase(context.db), account);
}
