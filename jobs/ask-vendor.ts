import type { Db } from '../db/connection.ts';
import { countRequests } from '../db/lookups.ts';
import type { FetchContext } from '../sources/define-source.ts';
import type { CountedHttp } from '../sources/http.ts';

type Vendor = FetchContext & { http: CountedHttp };

/** Asks a vendor for a run. What an answer has cost is counted with what it brings; here, what a failure has. */
export async function askVendor<T>(
  db: Db,
  runId: string | null,
  vendor: Vendor,
  ask: (vendor: Vendor) => Promise<T>,
): Promise<T> {
  try {
    return await ask(vendor);
  } catch (error) {
    await countRequests(db, runId, vendor.http.requests());
    throw error;
  }
}
