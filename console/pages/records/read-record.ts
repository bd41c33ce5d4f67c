import type { JobContext } from '../../../jobs/define-job.ts';
import { type Told, type ToldStory, tellStory } from '../../../operations/tell-story.ts';
import { numbersOf } from '../../../operations/visible-numbers.ts';

/** One scope's story, with what staff knows the booking by. */
export type ShownStory = ToldStory & { number: string | null };

export interface RecordPage extends Omit<Told, 'stories'> {
  /** The source's own name. */
  source_title: string;
  /** Whether the source can be asked for this one record. */
  can_be_asked: boolean;
  stories: ShownStory[];
}

export interface RecordParams {
  source: string;
  entity: string;
  id: string;
}

/** Undefined for a source or entity that the settings do not have. */
export async function readRecord(
  context: JobContext,
  { source, entity, id }: RecordParams,
  account: string | undefined,
): Promise<RecordPage | undefined> {
  const definition = context.sources.get(source);
  const known = definition?.entities.find(({ name }) => name === entity);
  if (!isKnownEntity(context, { source, entity }) || !definition || !known) return undefined;
  const told = await tellStory(context, { source, entity, externalId: id, account });
  const numbers = await numbersOf(
    context,
    told.stories.map(({ record }) => ({ source, account: record.account, entity, external_id: id })),
  );
  return {
    ...told,
    source_title: definition.title ?? source,
    can_be_asked: known.one !== undefined,
    stories: told.stories.map((story, i) => ({ ...story, number: numbers[i] ?? null })),
  };
}

/** Whether the settings have the source, and the source such an entity. */
export function isKnownEntity(
  { settings, sources }: Pick<JobContext, 'settings' | 'sources'>,
  { source, entity }: Pick<RecordParams, 'source' | 'entity'>,
): boolean {
  const isConfigured = settings.sources.some(({ name }) => name === source);
  return isConfigured && (sources.get(source)?.entities.some(({ name }) => name === entity) ?? false);
}
