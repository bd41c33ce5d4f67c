import { openIssues } from '../db/issues.ts';
import { transaction } from '../db/transaction.ts';
import { SourceError, Unauthorized } from '../sources/errors.ts';
import type { JobContext } from './define-job.ts';

/** What keeps a listing from being read to its end; it resolves itself when the listing has been. */
export async function openListingIssue(
  { db }: JobContext,
  {
    source,
    account,
    entity,
    runId,
    page,
  }: { source: string; account: string; entity: string; runId: string; page: string },
  error: Error,
  message: string,
) {
  const kind =
    error instanceof SourceError && error.code !== 'UNAVAILABLE'
      ? error instanceof Unauthorized
        ? 'unauthorized'
        : 'rejected'
      : 'unavailable';
  const status = error instanceof SourceError ? error.fields.status : undefined;
  await transaction(db, (trx) =>
    openIssues(trx, [
      {
        source,
        account,
        entity,
        externalId: null,
        kind,
        message: `page ${page}: ${message}`,
        details: { page, ...(status !== undefined && { status }) },
        runId,
      },
    ]),
  );
}
