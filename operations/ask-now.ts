import { writeAudit } from '../db/audit.ts';
import { WHOLE_SOURCE } from '../db/record-key.ts';
import { readStories } from '../db/story.ts';
import { entityOf } from '../jobs/entity-of.ts';
import { askSource, type LiveAnswer } from './ask-source.ts';
import { accountNames } from './choose-entity.ts';
import type { By, OperationsContext } from './context.ts';
import type { StoryQuestion } from './tell-story.ts';
import { UsageError } from './usage-error.ts';

export type { LiveAnswer };

/**
 * What the source says of a record at this moment, its own account first. Nothing is stored but who asked. The requests go
 * beside the queues, at the pace of the budget. Throws `UsageError` where the source has no way to read one record.
 */
export async function askSourceNow(
  context: OperationsContext,
  { source, entity: name, externalId, account }: StoryQuestion,
  { actor, reason = null }: By,
): Promise<LiveAnswer[]> {
  const entity = entityOf(context.sources, source, name);
  const { one } = entity;
  if (!one) throw new UsageError(`${source} has no way to read one of its ${name}.`);
  const landed = (await readStories(context.db, source, entity, externalId, account))[0]?.record;
  // Ids that belong to an account mean nothing at another.
  const all = [landed?.account, ...accountNames(context, source)].filter((known) => known !== undefined);
  const known = entity.scope === 'account' && landed && landed.scope !== WHOLE_SOURCE ? [landed.account] : all;
  const accounts = account === undefined ? [...new Set(known)] : [account];
  await writeAudit(context.db, {
    actor,
    action: 'ask source',
    target: `${source}/${name}/${externalId}`,
    details: { accounts, reason },
  });
  return askSource(context, source, { ...entity, one }, externalId, accounts, landed?.payload ?? null);
}
