import type { FetchContext } from '../define-source.ts';
import { Rejected, Unauthorized } from '../errors.ts';

/** The vendor's number of the API in a licence. */
const API_MODULE = '28008806';

/** README.md §1, §2. What kind of server answers, and how many licence connections are free besides ours. */
export async function about({ http }: FetchContext): Promise<Record<string, string>> {
  const server = await http.getText('/replication/serverType').catch(unknown);
  const left = await http.getText('/licence/info', { query: [['moduleId', API_MODULE]] }).catch(unknown);
  return { server: server.trim(), licences_left: left.trim() };
}

/** Older servers do not tell, nor does every account's user get to know. */
function unknown(error: unknown): string {
  if (error instanceof Rejected || error instanceof Unauthorized) return 'unknown';
  throw error;
}
