import { sql } from 'kysely';
import type { Db } from './connection.ts';
import { parseRecordPage } from './runs/record-pages.ts';

export type RefreshAnswer = 'found' | 'absent' | { failed: string };

/** What the source said of each record that a re-queue run has read again, by run and external id (`<run> <id>`). */
export async function readRefreshAnswers(db: Db, runIds: readonly string[]): Promise<Map<string, RefreshAnswer>> {
  const { rows } = await sql<{
    run_id: string;
    page: string;
    state: string;
    records: number | null;
    error: string | null;
  }>`
    select run_id, page, state, records, error from sync_pages where run_id = any(${runIds}::uuid[]) and state <> 'queued'`.execute(
    db,
  );
  const answers = new Map<string, RefreshAnswer>();
  for (const { run_id: runId, page, state, records, error } of rows) {
    const parsed = parseRecordPage(page);
    if (!parsed) continue;
    const name = `${runId} ${parsed.externalId}`;
    if (state === 'failed') answers.set(name, { failed: error ?? '' });
    else if (records) answers.set(name, 'found');
    else if (!answers.has(name)) answers.set(name, 'absent');
  }
  return answers;
}
