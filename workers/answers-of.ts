import type { ApplyResult } from '../db/apply/apply-records.ts';
import type { ApplyOne } from '../jobs/define-job.ts';

const NOTHING = { upserts: [], wanted: new Set<string>(), runs: [] };

/** What a batch tells each of its callers. What it has made due is handed to the first of them only. */
export function answersOf({ outcomes, ...due }: ApplyResult): (externalId: string) => ApplyOne {
  let first: typeof due | undefined = due;
  return (externalId) => {
    const answer = { ...(first ?? NOTHING), outcome: wordFor(outcomes.get(externalId)) };
    first = undefined;
    return answer;
  };
}

function wordFor(outcome: { state: string; inserted?: boolean } | undefined): string {
  if (!outcome) return 'already applied';
  if (outcome.state !== 'applied') return outcome.state;
  return outcome.inserted ? 'inserted' : 'updated';
}
