import { z } from 'zod';

const time = z.iso.datetime();
const count = z.number().int();
const light = z.enum(['green', 'amber', 'red', 'grey']).describe('Grey: nobody expects anything of it.');

const paused = z.object({
  source: z.string(),
  account: z.string(),
  entity: z.string().nullable().describe('Null: the whole account.'),
  at: time,
  actor: z.string(),
  reason: z.string().nullable(),
});

const queue = z.object({
  queue: z.string(),
  waiting: count,
  active: count,
  delayed: count,
  failed: count,
  oldest_waiting_at: time.nullable(),
});

const reason = z.object({
  code: z.string(),
  light,
  count: count.optional().describe('Records or issues, where the reason counts some.'),
});

const lastRun = z.looseObject({
  id: z.uuid(),
  mode: z.string(),
  trigger: z.string(),
  status: z.enum(['running', 'succeeded', 'partial', 'failed']),
  started_at: time,
  finished_at: time.nullable(),
  fetched: count,
  error: z.string().nullable(),
});

const entity = z.object({
  source: z.string(),
  account: z.string(),
  entity: z.string(),
  part_of: z.string().nullable().describe('The entity in whose runs it is read; null for one with runs of its own.'),
  schedule: z
    .union([z.object({ everyMs: z.number() }), z.object({ cron: z.string(), timezone: z.string().optional() })])
    .nullable(),
  freshness: z.enum(['ok', 'late', 'never', 'unscheduled']),
  verdict: z.object({ light, reasons: z.array(reason).describe('The weightiest first.') }),
  paused: paused.nullable(),
  last_run: lastRun.nullable(),
  last_read_at: time.nullable().describe('When the whole listing was last read to its end.'),
  rows: count,
  pending: count,
  parked: count,
  quarantined: count,
  dismissed: count.describe('Of those in quarantine: an operator has dismissed them.'),
  without_parent: count,
  looked_for: count,
  open_issues: count,
});

const budget = z.object({
  rate_class: z.string(),
  allowed_per_minute: z.number(),
  last_minute: count,
  last_5_minutes: count,
});

const account = z.object({
  account: z.string(),
  timezone: z.string(),
  currency: z.string(),
  light,
  paused: paused.nullable(),
  budgets: z.array(budget),
  queues: z.array(queue).nullable().describe('Its fetch queues; null when the queue does not answer.'),
  entities: z.array(entity),
});

const running = z.object({
  id: z.uuid(),
  source: z.string(),
  account: z.string(),
  entity: z.string(),
  mode: z.string(),
  trigger: z.string(),
  started_at: time,
  heartbeat_at: time,
  fetched: count,
  pending: count,
  parked: count,
  pages_open: count,
});

const charts = z.object({
  at: time,
  range: z.enum(['hour', 'day', 'week']),
  bucket_s: count.describe('Length of a point in seconds.'),
  records: z.array(z.object({ at: time, fetched: count, written: count, requests: count })),
  durations: z.array(
    z.object({
      at: time,
      runs: count,
      failed: count,
      median_s: z.number().nullable(),
      longest_s: z.number().nullable(),
    }),
  ),
  issues: z.array(z.object({ at: time, opened: count, resolved: count })),
});

export const overviewAnswer = z.object({
  at: time.describe("The database's clock: what ages are reckoned from."),
  light,
  queue_backend: z.enum(['redis', 'postgres']),
  workers: count.nullable().describe('Processes that apply records; null when the queue does not answer.'),
  queues: z.array(queue).nullable().describe('Queues of all accounts together.'),
  running: z.array(running),
  sources: z.array(z.object({ source: z.string(), title: z.string(), light, accounts: z.array(account) })),
  charts,
});

const wanted = z.object({ source: z.string(), account: z.string(), entity: z.string() });

export const runAnswer = z.object({
  requested: z.array(wanted).describe('A run of each has been asked for; one that is going already is joined.'),
  refused: z.array(z.object({ target: wanted, paused })).describe('Not asked for, because they are paused.'),
});

export const pauseAnswer = z.object({
  source: z.string(),
  account: z.string(),
  entity: z.string().nullable().describe('Null: the whole account.'),
  changed: z.boolean().describe('False when it was so already.'),
  paused: z.array(paused).describe('What of the account is paused now.'),
  queues: z
    .array(z.object({ queue: z.string(), change: z.enum(['paused', 'resumed']) }))
    .nullable()
    .describe('Null when the queue does not answer: the scheduler sees to it once it does.'),
});

/** Queries of the page. */
export const overviewQuery = z.object({
  range: z.enum(['hour', 'day', 'week']).catch('day').describe('How much time the charts show.'),
  source: z.string().optional(),
  account: z.string().optional(),
  said: z.string().optional().describe('What has just been done; for the page only.'),
});
