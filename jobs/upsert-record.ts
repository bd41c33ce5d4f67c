import { z } from 'zod';
import { quarantineRecord } from '../db/apply/quarantine-record.ts';
import { scopeOf } from '../db/record-key.ts';
import { redactText } from '../log/redact.ts';
import { defineJob, idPart, type JobDefinition } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { followUp } from './follow-up.ts';
import { isLasting } from './is-lasting.ts';

const payload = z.object({
  source: z.string(),
  account: z.string(),
  entity: z.string(),
  externalId: z.string(),
  /** Of the landing; makes the job id its own. */
  version: z.number().int(),
});
export type UpsertRecord = z.infer<typeof payload>;

export const APPLY_QUEUE = 'apply';

/** How long a record's job is tried before the sweep takes over. */
export const APPLY_ATTEMPTS = 10;

export const upsertRecord: JobDefinition<UpsertRecord> = defineJob({
  name: 'upsert-record',
  description: 'Applies the newest landed payload of one record to its table.',
  queue: () => APPLY_QUEUE,
  payload,
  keepDone: false,
  options: (record) => ({ jobId: upsertRecordId(record), attempts: APPLY_ATTEMPTS }),
  async handle({ source, account, entity: name, externalId }, context) {
    const entity = entityOf(context.sources, source, name);
    const result = await context.applyOne(source, name, scopeOf(entity, account), externalId);
    await followUp(context, source, result);
    return result.outcome;
  },
  /** Not the server's fault, and not the record's by any rule we know: kept aside with the reason rather than tried for ever. */
  async giveUp({ source, account, entity: name, externalId }, error, context) {
    // Otherwise it stays pending and the sweep puts it back.
    if (!isLasting(error)) return;
    const entity = entityOf(context.sources, source, name);
    const runs = await quarantineRecord(
      context.db,
      { source, scope: scopeOf(entity, account), entity: name, externalId },
      redactText(error.message),
    );
    await followUp(context, source, { runs });
  },
});

function upsertRecordId({ source, account, entity, externalId, version }: UpsertRecord): string {
  return ['upsert', source, account, entity, idPart(externalId), version].join('.');
}
