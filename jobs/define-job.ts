import type { Job } from 'bullmq';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { ApplyResult } from '../db/apply/apply-records.ts';
import type { ApplyTarget } from '../db/apply/target.ts';
import type { Db } from '../db/connection.ts';
import type { LandedRecord } from '../db/landing/land-records.ts';
import type { FoundAt, FoundRecord, OpenLookup } from '../db/lookups.ts';
import type { RecordKey } from '../db/record-key.ts';
import type { Logger } from '../log/create-logger.ts';
import type { Settings } from '../settings/settings.ts';
import type { FetchContext, SourceDefinition } from '../sources/define-source.ts';
import type { CountedHttp } from '../sources/http.ts';
import type { Enqueue } from './enqueue.ts';
import type { Queues } from './queues.ts';

/** What a handler works with. It reads no environment and opens no connection of its own. */
export interface JobContext {
  db: Db;
  settings: Settings;
  sources: ReadonlyMap<string, SourceDefinition>;
  queues: Queues;
  enqueue: Enqueue;
  log: Logger;
  target(source: string): ApplyTarget;
  /**
   * The way to an account's vendor, counting the requests of one job. `rateClass`: whose budget they are of, default `read`.
   * Throws `Rejected` for an account that is not in the settings.
   */
  vendor(source: string, account: string, rateClass?: string): FetchContext & { http: CountedHttp };
  /** Gives back the sessions that occupy something at their vendor and that nobody has used for a while. */
  endIdleSessions(): Promise<void>;
  /** Remembers for a moment what has just landed: this process mostly applies it, too, and need not read it back. */
  keepLanded(landed: readonly LandedRecord[]): void;
  /** Applies one record; jobs that run at the same moment share one call to the database. */
  applyOne(source: string, entity: string, scope: string, externalId: string): Promise<ApplyOne>;
  /** Lands and applies what a look-up has found; those that end at the same moment share one transaction. */
  landFound: LandFound;
  /** Sends out the look-ups of an entity that are due. While pages come with more of them, those of a moment go together; `hurry` when a run has no more. */
  lookUps: { ask(place: { source: string; entity: string }): Promise<void>; hurry(): void };
  /** The look-up of a missing record, undefined when it has ended; those that are asked for at the same moment are read together. */
  readLookup(key: RecordKey): Promise<OpenLookup | undefined>;
  /** Waits until this process has a batch less at the database than it may. Whatever applies many records goes through it. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** What this process measures itself, for whoever shows it. */
  measures?: { registry: Registry };
}

export type ApplyOne = Omit<ApplyResult, 'outcomes'> & { outcome: string };

export type LandFound = (at: FoundAt & { source: string; entity: string }, found: FoundRecord) => Promise<ApplyOne>;

/** How many times a job is tried before `giveUp`. */
export const ATTEMPTS = 6;

export interface JobOptions {
  /** A fixed id never runs again while its finished job is kept: the run or the version is part of it. No `:`. */
  jobId?: string;
  /** 0 goes first; else lower goes first. */
  priority?: number;
  attempts?: number;
  delayMs?: number;
  /** Instead of the definition's. */
  keepDone?: boolean;
}

export interface JobDefinition<P> {
  /** The file's name, the job's name, the log's `job` field. */
  name: string;
  description: string;
  queue(payload: P): string;
  /** Ids only. Parsed when the job is added and again when it runs; a new field is optional until old jobs have drained. */
  payload: z.ZodType<P>;
  options?(payload: P): JobOptions;
  /** False for jobs that come in thousands: what they did stands in the ledger. Default true. */
  keepDone?: boolean;
  /** What it says goes into the log line of the job. */
  handle(payload: P, context: JobContext, job: Job): Promise<string | undefined>;
  /** After the last attempt, or at once when a retry cannot help. */
  giveUp?(payload: P, error: Error, context: JobContext): Promise<void>;
}

export function defineJob<P>(job: JobDefinition<P>): JobDefinition<P> {
  return job;
}

/** Part of a job id: `:` separates BullMQ's own keys. */
export function idPart(text: string): string {
  return encodeURIComponent(text).replaceAll('.', '%2E');
}
