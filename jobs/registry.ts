import { alertRed } from './alert-red.ts';
import { carryOutbox } from './carry-outbox.ts';
import { closeRunJob } from './close-run.ts';
import type { JobDefinition } from './define-job.ts';
import { fetchPage } from './fetch-page.ts';
import { fetchRecord } from './fetch-record.ts';
import { forgetOld } from './forget-old.ts';
import { planSync } from './plan-sync.ts';
import { sendDigest } from './send-digest.ts';
import { sendNotice } from './send-notice.ts';
import { sweep } from './sweep.ts';
import { upsertRecord } from './upsert-record.ts';

const all = [
  planSync,
  fetchPage,
  fetchRecord,
  upsertRecord,
  closeRunJob,
  carryOutbox,
  sweep,
  forgetOld,
  alertRed,
  sendDigest,
  sendNotice,
] as const;

/** Every job by its name. */
export const jobs: ReadonlyMap<string, JobDefinition<unknown>> = new Map(
  all.map((job) => [job.name, job as JobDefinition<unknown>]),
);

if (jobs.size !== all.length) throw new Error('Two jobs have the same name: see jobs/registry.ts.');
