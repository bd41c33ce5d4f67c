import { z } from 'zod';
import { ISSUE_KINDS } from '../../../db/issues.ts';

const time = z.iso.datetime();

const group = z.object({
  cause: z.string().describe('Names the group; see /api/issues/{cause}.'),
  source: z.string(),
  source_title: z.string(),
  kind: z.enum(ISSUE_KINDS),
  accounts: z.array(z.string()),
  entities: z.array(z.string()).describe('Of the records that have the issue.'),
  count: z.number(),
  parent: z
    .object({ entity: z.string(), external_id: z.string() })
    .nullable()
    .describe('missing_parent: the record that nobody has and these lack.'),
  problem: z
    .object({ field: z.string(), rule: z.string(), found: z.string() })
    .nullable()
    .describe('invalid_record: what is wrong with them, without their values.'),
  first_opened_at: time,
  last_opened_at: time,
  message: z.string().describe('Of the newest.'),
  external_ids: z.array(z.string()).describe('Some of them.'),
});

const next = z.string().nullable().describe('`cursor` for the next part; null after the last one.');

export const issuesSchema = z.object({
  rows: z.array(group).describe('The largest first.'),
  next,
  places: z.array(
    z.object({ source: z.string(), title: z.string(), accounts: z.array(z.string()), entities: z.array(z.string()) }),
  ),
});

export const causeSchema = z.object({
  group,
  open: z.number(),
  issues: z.object({
    rows: z.array(
      z.object({
        id: z.string(),
        opened_at: time,
        resolved_at: time.nullable(),
        resolution: z.string().nullable(),
        source: z.string(),
        account: z.string(),
        entity: z.string(),
        external_id: z.string().nullable().describe('Null for an issue of a whole list.'),
        number: z.string().nullable().describe('What staff knows the booking by.'),
        kind: z.enum(ISSUE_KINDS),
        message: z.string(),
        attempts: z.number(),
        run_id: z.string().nullable(),
        cause: z.string(),
        state: z.string().nullable().describe('Of the record as it stands now.'),
        waits_for: z.array(z.string()).nullable(),
        last_error: z.string().nullable(),
      }),
    ),
    next,
  }),
});
