import { type KeptOut, readKeptOut } from '../db/kept-out.ts';
import { type MaskedField, maskPayload } from '../db/mask-payload.ts';
import { type NearMiss, nearMisses } from '../db/near-misses.ts';
import { databaseNow } from '../db/now.ts';
import { type RecordStory, readStories, type StoryRecord } from '../db/story.ts';
import { entityOf } from '../jobs/entity-of.ts';
import { type RecordJob, readRecordJobs } from '../jobs/record-jobs.ts';
import type { EntityDefinition } from '../sources/define-source.ts';
import { knownEntities } from './choose-entity.ts';
import type { OperationsContext } from './context.ts';
import { within } from './within.ts';

const QUEUE_PATIENCE_MS = 2000;

/** A story as it may be shown: row and payload masked, with the jobs that the queues still know of. */
export interface ToldStory extends Omit<RecordStory, 'record' | 'row'> {
  record: Omit<StoryRecord, 'payload'>;
  table: string;
  row: MaskedField[] | null;
  payload: MaskedField[] | null;
  /** Null when the queue does not answer. */
  jobs: RecordJob[] | null;
}

export interface Told {
  /** The database's clock. */
  at: Date;
  source: string;
  entity: string;
  external_id: string;
  /** One for each scope that the id is known in; none when nothing is known by it. */
  stories: ToldStory[];
  /** What else the id may have meant, when nothing is known by it. */
  near_misses: NearMiss[];
  /** By an operator, in which scopes. */
  kept_out: KeptOut[];
}

export interface StoryQuestion {
  source: string;
  entity: string;
  externalId: string;
  /** Only what is known of it in this account. */
  account?: string | undefined;
}

/** Everything that is known of one external id. Throws for an entity that the source does not have. */
export async function tellStory(context: OperationsContext, question: StoryQuestion): Promise<Told> {
  const { source, entity: name, externalId, account } = question;
  const { db } = context;
  const entity = entityOf(context.sources, source, name);
  const asked = { source, entity: name, account };
  const stories = await readStories(db, source, entity, externalId, account);
  const misses = stories.length > 0 ? undefined : await nearMisses(db, asked, knownEntities(context), [externalId]);
  return {
    at: await databaseNow(db),
    source,
    entity: name,
    external_id: externalId,
    stories: await Promise.all(stories.map((story) => tell(context, question, entity, story))),
    near_misses: misses?.get(externalId) ?? [],
    kept_out: await readKeptOut(db, asked, [externalId]),
  };
}

async function tell(
  context: OperationsContext,
  { source, entity: name, externalId }: StoryQuestion,
  entity: EntityDefinition,
  { record, row, ...rest }: RecordStory,
): Promise<ToldStory> {
  const { payload, ...landing } = record;
  const { source: _source, account: _account, external_id: _externalId, ...columns } = row ?? {};
  const jobs = readRecordJobs(context, { source, scope: record.scope, entity: name, externalId }, record);
  return {
    ...rest,
    record: landing,
    table: entity.table,
    row: row && maskPayload(columns).filter((column) => column.type !== 'null'),
    payload: payload === null ? null : maskPayload(payload),
    jobs:
      (await within(
        QUEUE_PATIENCE_MS,
        jobs.catch(() => undefined),
      )) ?? null,
  };
}
