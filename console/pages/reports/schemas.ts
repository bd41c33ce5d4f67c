import { z } from 'zod';

const time = z.iso.datetime();
const statusCounts = z.record(z.enum(['healed', 'waiting', 'needs_look', 'closed']), z.number());

/** As `./pmsync report --format json` gives it: the facts, and the words of one language beside them. */
export const reportsSchema = z.object({
  targets: z.array(z.object({ source: z.string(), account: z.string() })),
  language: z.enum(['en', 'ru']),
  report: z
    .looseObject({
      source: z.string(),
      source_title: z.string(),
      account: z.string(),
      date: z.iso.date(),
      zone: z.string(),
      from: time,
      to: time,
      generated_at: time,
      total: z.number(),
      now: statusCounts,
      problems: z.array(
        z.looseObject({
          at: time,
          entity: z.string(),
          external_id: z.string().nullable(),
          number: z.string().nullable(),
          kind: z.string(),
          message: z.string(),
          now: z.object({ status: z.string(), at: time.nullable(), resolution: z.string().nullable() }),
        }),
      ),
      more_problems: z.number(),
      causes: z.array(
        z.looseObject({
          kind: z.string(),
          title: z.string(),
          problems: z.number(),
          scenarios: z.array(z.looseObject({ verdict: z.string(), text: z.string(), how: z.string() })),
          actions: z.array(z.looseObject({ text: z.string(), command: z.string().nullable() })),
        }),
      ),
      next_steps: z.array(z.object({ text: z.string(), command: z.string().nullable() })),
    })
    .nullable(),
});
