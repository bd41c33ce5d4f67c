import { type KeptOut, readKeptOut } from '../../../db/kept-out.ts';
import { type MaskedField, maskPayload } from '../../../db/mask-payload.ts';
import { type NearMiss, nearMisses } from '../../../db/near-misses.ts';
import { databaseNow } from '../../../db/now.ts';
import { type RecordStory, readStories, type StoryRecord } from '../../../db/story.ts';
import type { JobContext } from '../../../jobs/define-job.ts';
import { type RecordJob, readRecordJobs } from '../../../jobs/record-jobs.ts';
import { numbersOf } from '../../../operations/visible-numbers.ts';
import type { EntityDefinition } from '../../../sources/define-source.ts';

export interface ToldStory extends Omit<RecordStory, 'record' | 'row'> {
  record: Omit<StoryRecord, 'payload'>;
  table: string;
  /** What staff knows the booking by. */
  number: string | null;
  row: MaskedField[] | null;
  payload: MaskedField[] | null;
  /** Null when the queue does not answer. */
  jobs: RecordJob[] | null;
}

/** Everything that is known of an external id, as it may be shown. */
export interface Explanation {
  at: Date;
  source: string;
  entity: string;
  external_id: string;
  /** One for each scope that it is known in. */
  stories: ToldStory[];
  near_misses: NearMiss[];
  kept_out: KeptOut[];
}

const QUEUE_PATIENCE_MS = 2000;

export async function tellRecord(
  context: JobContext,
  {
    source,
    entity,
    externalId,
    account,
  }: { source: string; entity: string; externalId: string; account?: string | undefined },
): Promise<Explanation | undefined> {
  const { db, settings, sources } = context;
  if (!settings.sources.some(({ name }) => name === source)) return undefined;
  const definition = sources.get(source)?.entities.find(({ name }) => name === entity);
  if (!definition) return undefined;
  const stories = await readStories(db, source, definition, externalId, account);
  const asked = { source, entity, account };
  const places = settings.sources.flatMap(({ name }) =>
    (sources.get(name)?.entities ?? []).map((known) => ({ source: name, entity: known.name })),
  );
  const misses = stories.length > 0 ? undefined : await nearMisses(db, asked, places, [externalId]);
  return {
    at: await databaseNow(db),
    source,
    entity,
    external_id: externalId,
    stories: await Promise.all(stories.map((story) => tell(context, source, definition, externalId, story))),
    near_misses: misses?.get(externalId) ?? [],
    kept_out: await readKeptOut(db, asked, [externalId]),
  };
}

async function tell(
  context: JobContext,
  source: string,
  entity: EntityDefinition,
  externalId: string,
  { record, row, ...rest }: RecordStory,
): Promise<ToldStory> {
  const { payload, ...landing } = record;
  const key = { source, scope: record.scope, entity: entity.name, externalId };
  const { source: _source, account: _account, external_id: _externalId, ...columns } = row ?? {};
  const [number = null] = await numbersOf(context, [
    { source, account: record.account, entity: entity.name, external_id: externalId },
  ]);
  return {
    ...rest,
    record: landing,
    table: entity.table,
    number,
    row: row && maskPayload(columns).filter((column) => column.type !== 'null'),
    payload: payload === null ? null : maskPayload(payload),
    jobs: await inTime(readRecordJobs(context, key, record)),
  };
}

async function inTime<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), QUEUE_PATIENCE_MS);
  });
  return Promise.race([work.catch(() => null), late]).finally(() => clearTimeout(timer));
}
