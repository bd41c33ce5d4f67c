import { z } from 'zod';

const time = z.iso.datetime();
const trail = z.array(
  z.object({
    account: z.string(),
    at: z.string(),
    answer: z.enum(['found', 'absent', 'unavailable', 'more']),
    note: z.string(),
  }),
);
/** Values that may be personal are left out. */
const maskedField = z.object({
  field: z.string(),
  type: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
});

export const foundSchema = z.object({
  q: z.string(),
  records: z.array(
    z.object({
      source: z.string(),
      entity: z.string(),
      external_id: z.string(),
      account: z.string(),
      state: z.string().nullable(),
      number: z.string().nullable(),
      by: z.enum(['id', 'number']),
    }),
  ),
});

const landing = z.object({
  scope: z.string(),
  account: z.string(),
  state: z.enum(['listed', 'pending', 'applied', 'parked', 'quarantined', 'gone']),
  version: z.number(),
  source_version: z.string().nullable(),
  is_partial: z.boolean(),
  fetched_at: time,
  applied_at: time.nullable(),
  deleted_at: time.nullable(),
  due_at: time.nullable(),
  attempts: z.number(),
  last_error: z.string().nullable(),
  waits_for: z.array(z.string()).nullable(),
  trail: trail.nullable(),
  run_id: z.uuid().nullable(),
  replaced_run_id: z.uuid().nullable(),
});

const story = z.object({
  record: landing,
  table: z.string(),
  number: z.string().nullable(),
  row: z.array(maskedField).nullable(),
  payload: z.array(maskedField).nullable(),
  issues: z.array(
    z.object({
      kind: z.string(),
      message: z.string(),
      opened_at: time,
      resolved_at: time.nullable(),
      resolution: z.string().nullable(),
      attempts: z.number(),
      run_id: z.uuid().nullable(),
    }),
  ),
  runs: z.array(
    z.object({
      id: z.uuid(),
      account: z.string(),
      mode: z.string(),
      trigger: z.string(),
      status: z.string(),
      started_at: time,
      finished_at: time.nullable(),
      error: z.string().nullable(),
    }),
  ),
  parents: z.array(
    z.object({
      entity: z.string(),
      external_id: z.string(),
      state: z.string(),
      last_error: z.string().nullable(),
      due_at: time.nullable(),
      trail: trail.nullable(),
    }),
  ),
  waiting: z.object({
    count: z.number(),
    first: z.array(z.object({ entity: z.string(), external_id: z.string(), state: z.string() })),
  }),
  jobs: z
    .array(z.object({ job: z.string(), queue: z.string(), job_id: z.string(), account: z.string(), state: z.string() }))
    .nullable()
    .describe('Null when the queue does not answer.'),
});

export const recordSchema = z.object({
  at: time,
  source: z.string(),
  source_title: z.string(),
  entity: z.string(),
  external_id: z.string(),
  can_be_asked: z.boolean(),
  stories: z.array(story),
  near_misses: z.array(
    z.looseObject({
      kind: z.enum(['other entity', 'other source', 'other account', 'booking number']),
      external_id: z.string(),
      account: z.string(),
    }),
  ),
  kept_out: z.array(z.object({ scope: z.string(), external_id: z.string(), at: time, actor: z.string() })),
});
