import { z } from 'zod';

const time = z.iso.datetime();
const count = z.number().int();

const run = z.object({
  id: z.uuid(),
  source: z.string(),
  account: z.string(),
  entity: z.string(),
  mode: z.enum(['incremental', 'full']),
  trigger: z.enum(['schedule', 'manual', 'webhook', 'requeue', 'compare']),
  status: z.enum(['running', 'succeeded', 'partial', 'failed']),
  started_at: time,
  finished_at: time.nullable(),
  heartbeat_at: time.describe('When it last got on.'),
  fetched: count,
  inserted: count,
  updated: count,
  unchanged: count,
  stale: count,
  parked: count,
  quarantined: count,
  pending: count,
  deleted: count,
  missed: count,
  absent: count.nullable(),
  requests: count,
  fanned_out: count,
  pages_open: count,
  pages_done: count,
  pages_failed: count,
  period: z.string().nullable().describe('Days asked for: `from..to`.'),
  hot_set: z.boolean(),
  confirm_deletes: z.boolean(),
  error: z.string().nullable(),
});

export const runsAnswer = z.object({
  rows: z.array(run).describe('Newest first.'),
  next: z.string().nullable().describe('`cursor` of the next part; null when this was the last.'),
  zone: z.string().describe('What the days of the query are days of.'),
});

const ledger = z.object({
  fetched: count,
  outcomes: z.array(z.object({ outcome: z.string(), records: count })),
  deleted: count,
  balanced: z.boolean().describe('Whether the outcomes add up to what was fetched.'),
});

const pageState = z.enum(['queued', 'done', 'failed']);
const pageKind = z.enum(['list', 'record']);

export const runAnswer = z.object({
  run,
  ledger,
  pages: z.object({
    counts: z.array(z.object({ kind: pageKind, state: pageState, pages: count, records: count })),
    first: z.array(
      z.object({
        page: z.string(),
        kind: pageKind,
        state: pageState,
        attempt: count,
        records: count.nullable(),
        changed_at: time,
        error: z.string().nullable(),
      }),
    ),
  }),
  floor: z
    .object({
      requests: count,
      parts: z.array(
        z.object({ rate_class: z.string(), requests: count, allowed_per_minute: z.number(), needed_s: z.number() }),
      ),
      needed_s: z.number().describe('The shortest time that the limits of the vendor allow.'),
      took_s: z.number(),
    })
    .nullable()
    .describe('Null when nothing has been asked.'),
  issues: z.array(
    z.object({
      id: z.string(),
      opened_at: time,
      resolved_at: time.nullable(),
      resolution: z.string().nullable(),
      entity: z.string(),
      external_id: z.string().nullable().describe('Null: the whole list.'),
      kind: z.string(),
      message: z.string(),
      cause: z.string(),
    }),
  ),
  log: z
    .object({
      lines: z.array(z.looseObject({ time: z.string(), level: z.string(), msg: z.string() })),
      cut: z.boolean(),
    })
    .nullable()
    .describe('Null when this machine has no log files.'),
});
