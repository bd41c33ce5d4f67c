import type { Job } from 'bullmq';
import { Counter, Histogram, Registry } from 'prom-client';
import { type UpsertRecord, upsertRecord } from '../jobs/upsert-record.ts';
import type { RequestSeen } from './watch-requests.ts';

export type JobEnd = 'done' | 'failed' | 'retried' | 'paused';

/** What only the process that works knows; one set for each context. */
export interface Measures {
  registry: Registry;
  jobEnded(job: Pick<Job, 'name' | 'data' | 'timestamp'>, end: JobEnd, ms: number, outcome?: string): void;
  requestEnded(request: RequestSeen, status: string, ms: number): void;
}

const SECOND = 1000;
const JOB_BUCKETS = [0.005, 0.025, 0.1, 0.25, 1, 2.5, 10, 30, 60];
const REQUEST_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 60, 300];
/** From one batch of a calm system to a backlog of an hour. */
const LATENCY_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600];
const WRITTEN = new Set(['inserted', 'updated']);

export function createMeasures(): Measures {
  const registry = new Registry();
  const registers = [registry];
  const jobs = new Histogram({
    name: 'pmsync_job_seconds',
    help: 'Attempts at jobs by how they ended: done, failed, retried, or paused by a rate limit.',
    labelNames: ['job', 'end'],
    buckets: JOB_BUCKETS,
    registers,
  });
  const latency = new Histogram({
    name: 'pmsync_apply_latency_seconds',
    help: 'From a record landed, or released by its parent, to its row committed. Pages applied where they land have none.',
    labelNames: ['source', 'entity'],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const requests = new Counter({
    name: 'pmsync_vendor_requests_total',
    help: 'Requests sent to vendors by HTTP status, or `none` without an answer.',
    labelNames: ['source', 'account', 'class', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'pmsync_vendor_request_seconds',
    help: 'How long vendors take to answer.',
    labelNames: ['source', 'class'],
    buckets: REQUEST_BUCKETS,
    registers,
  });

  return {
    registry,
    jobEnded({ name, data, timestamp }, end, ms, outcome) {
      jobs.observe({ job: name, end }, ms / SECOND);
      if (name !== upsertRecord.name || outcome === undefined || !WRITTEN.has(outcome)) return;
      const { source, entity } = data as UpsertRecord;
      // The clocks of two machines may differ by more than it took.
      latency.observe({ source, entity }, Math.max(0, Date.now() - timestamp) / SECOND);
    },
    requestEnded({ source, account, rateClass }, status, ms) {
      requests.inc({ source, account, class: rateClass, status });
      durations.observe({ source, class: rateClass }, ms / SECOND);
    },
  };
}
