import { claimDueLookups, type Lookup, MOST_LOOKUPS, restartLookup } from '../db/lookups.ts';
import type { RecordKey } from '../db/record-key.ts';
import type { RunState } from '../db/runs/ledger.ts';
import { closeRunJob } from './close-run.ts';
import type { JobContext } from './define-job.ts';
import { type FetchRecord, fetchRecord, firstQuestion, leaveOut } from './fetch-record.ts';
import { inGroups } from './in-groups.ts';
import { lifeOf } from './life-of.ts';
import { upsertRecord } from './upsert-record.ts';

export interface FollowUp {
  /** Records to apply next. */
  upserts?: readonly { key: RecordKey; account: string; version: number }[];
  /** Entities with missing records to look for. */
  wanted?: Iterable<string>;
  runs?: readonly RunState[];
}

/** Enqueues what a committed transaction has made due. What a crash before this line loses, the sweep finds. */
export async function followUp(
  context: JobContext,
  source: string,
  { upserts = [], wanted = [], runs = [] }: FollowUp,
): Promise<void> {
  await context.enqueue(
    upsertRecord,
    upserts.map(({ key, account, version }) => ({
      source,
      account,
      entity: key.entity,
      externalId: key.externalId,
      version,
    })),
  );
  for (const entity of wanted) await context.lookUps.ask({ source, entity });
  const settled = runs.filter((run) => run.settled).map((run) => ({ runId: run.id }));
  if (settled.length > 0) context.lookUps.hurry();
  await context.enqueue(closeRunJob, settled);
}

/** Sends out a batch of the look-ups of an entity that are due. Answers whether there may be more. */
export async function lookUp(context: JobContext, source: string, entity: string): Promise<boolean> {
  const lookups = await claimDueLookups(context.db, source, entity);
  const questions = await inGroups(lookups, (lookup) =>
    lookup.keptOut ? leaveOut(context, lookup) : unaskedQuestion(context, lookup),
  );
  await context.enqueue(
    fetchRecord,
    questions.filter((question) => question !== undefined),
  );
  return lookups.length === MOST_LOOKUPS;
}

/** What a look-up has to ask next; undefined when its job is still in the line, or nobody is left to be asked. */
async function unaskedQuestion(context: JobContext, lookup: Lookup): Promise<FetchRecord | undefined> {
  const question = await firstQuestion(context, lookup);
  if (!question) return undefined;
  switch (await lifeOf(context.queues, fetchRecord, question)) {
    case 'alive':
      return undefined;
    case 'unknown':
      return question;
    case 'finished':
      // Its job is over and the answer was lost: asked again under a new id.
      return { ...question, attempt: await restartLookup(context.db, lookup) };
  }
}
