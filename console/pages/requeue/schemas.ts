import { z } from 'zod';

const time = z.iso.datetime();
const step = z.enum(['apply', 'refetch', 'look up', 'wait']).describe('What becomes of the record.');
const nearMiss = z.looseObject({
  kind: z.enum(['other entity', 'other source', 'other account', 'booking number']),
  external_id: z.string(),
  account: z.string(),
});
const unknown = z.array(z.object({ external_id: z.string(), near_misses: z.array(nearMiss) }));

export const formSchema = z.object({
  places: z.array(
    z.object({ source: z.string(), title: z.string(), accounts: z.array(z.string()), entities: z.array(z.string()) }),
  ),
  receipts: z.array(
    z.object({
      id: z.string(),
      at: time,
      actor: z.string(),
      reason: z.string().nullable(),
      source: z.string(),
      entities: z.array(z.string()),
      records: z.number(),
    }),
  ),
});

export const previewSchema = z.object({
  source: z.string(),
  entity: z.string(),
  account: z.string().nullable(),
  wrong_account: z.boolean().describe('The source has no such account.'),
  can_refetch: z.boolean(),
  ids: z.array(z.string()),
  wrong: z.array(z.string()).describe('What was given and is no id.'),
  problem: z.string().nullable().describe('Why the file cannot be read.'),
  preview: z
    .object({
      refetch: z.boolean(),
      records: z.array(
        z.object({
          external_id: z.string(),
          number: z.string().nullable(),
          entity: z.string(),
          account: z.string(),
          state: z.string(),
          last_error: z.string().nullable(),
          waits_for: z.array(z.string()).nullable(),
          step,
        }),
      ),
      unknown,
    })
    .nullable(),
});

/** What has been put back into the line. */
export const doneSchema = z.object({
  id: z.string().nullable().describe('For /api/requeue/{id}; null when there was nothing to put back.'),
  records: z.number(),
  unknown: z.array(z.string()).describe('Ids that nothing is known by.'),
});

export const receiptSchema = z.object({
  id: z.string(),
  at: time,
  actor: z.string(),
  reason: z.string().nullable(),
  source: z.string(),
  refetch: z.boolean(),
  done: z.boolean().describe('Nothing is under way any more.'),
  counts: z.object({
    records: z.number(),
    applied: z.number(),
    without_parent: z.number(),
    parked: z.number(),
    quarantined: z.number(),
    under_way: z.number(),
    gone: z.number(),
  }),
  runs: z.array(z.looseObject({ id: z.string(), account: z.string(), entity: z.string(), status: z.string() })),
  records: z.array(
    z.object({
      external_id: z.string(),
      number: z.string().nullable(),
      entity: z.string(),
      account: z.string(),
      before: z.string(),
      step,
      after: z.string().nullable().describe('Null when it has been deleted since.'),
      waits_for: z.array(z.string()).nullable(),
      error: z.string().nullable(),
      source_says: z
        .union([z.enum(['found', 'absent']), z.object({ failed: z.string() })])
        .optional()
        .describe('Of a record that is read again.'),
      ok: z.boolean().nullable().describe('Stored whole; null while it is under way.'),
    }),
  ),
  next: z.string().nullable().describe('`cursor` for the next part; null after the last one.'),
  unknown,
  unknown_count: z.number(),
});
