import { z } from 'zod';
import { carryBatch, isWaiting } from '../db/in-house/carry-batch.ts';
import type { Account, InHouse } from '../sources/define-source.ts';
import { defineJob, idPart, type JobContext, type JobDefinition } from './define-job.ts';
import { followUp } from './follow-up.ts';
import { SYNC_QUEUE } from './plan-sync.ts';

const payload = z.object({
  source: z.string(),
  /** What asked for it: the transaction that changed something, or the sweep's tick. One job for each. */
  because: z.string(),
});
export type CarryOutbox = z.infer<typeof payload>;

export const carryOutbox: JobDefinition<CarryOutbox> = defineJob({
  name: 'carry-outbox',
  description: 'Carries what has changed in a source’s own tables into the mirror, in order.',
  queue: () => SYNC_QUEUE,
  payload,
  keepDone: false,
  options: ({ source, because }) => ({ jobId: `carry.${source}.${idPart(because)}` }),
  async handle({ source }, context) {
    const { carried, landed, deleted } = await carryAll(context, source);
    return carried === 0 ? undefined : `${carried} changes carried: ${landed} landed, ${deleted} deleted`;
  },
});

/** Carries until the outbox of a source has been gone through. A source that is not in the settings has nothing to carry. */
export async function carryAll(
  context: JobContext,
  source: string,
): Promise<{ carried: number; landed: number; deleted: number }> {
  const sum = { carried: 0, landed: 0, deleted: 0 };
  const house = inHouseOf(context).find((known) => known.source === source);
  if (!house) return sum;
  const box = { ...house, entities: context.sources.get(source)?.entities ?? [] };
  let after: string | undefined = '0';
  while (after !== undefined) {
    const from: string = after;
    const batch = await context.inTurn(() => carryBatch(context.db, context.target(source), box, from));
    await followUp(context, source, batch);
    sum.carried += batch.carried;
    sum.landed += batch.landed;
    sum.deleted += batch.deleted;
    after = batch.next;
  }
  return sum;
}

export interface House extends Pick<InHouse, 'outbox' | 'channel' | 'prepare'> {
  source: string;
  account: Account;
}

/** The sources of the settings whose records lie in our own database. */
export function inHouseOf({ settings, sources }: Pick<JobContext, 'settings' | 'sources'>): House[] {
  return settings.sources.flatMap(({ name, accounts }) => {
    const inHouse = sources.get(name)?.inHouse;
    const account = accounts.find((known) => known.name === inHouse?.account);
    return inHouse && account ? [{ ...inHouse, source: name, account }] : [];
  });
}

/** What a lost notification has left lying. */
export async function sweepOutboxes(context: JobContext, tick: number): Promise<void> {
  for (const { source, outbox } of inHouseOf(context))
    if (await isWaiting(context.db, outbox)) await context.enqueue(carryOutbox, [{ source, because: `sweep-${tick}` }]);
}
