import type { PresentStatus } from '../db/report/problems-of.ts';
import type { CauseKind, DayCause } from '../db/report/read-causes.ts';
import type { StatusCounts } from '../db/report/read-problems.ts';
import type { EntityReading } from '../db/report/read-reading.ts';
import type { ActionCode } from './words/action-words.ts';
import type { EvidenceCode } from './words/evidence-words.ts';
import type { ScenarioCode } from './words/scenario-words.ts';

/** The error report of an account and a day, without a word of any language. Every time is text: ISO 8601, UTC, milliseconds. */
export interface Report {
  source: string;
  /** The source's own name. */
  source_title: string;
  account: string;
  /** `YYYY-MM-DD` by the account's clock. */
  date: string;
  /** IANA zone of the account. */
  zone: string;
  from: string;
  to: string;
  generated_at: string;
  /** Problems of the day, each counted once. */
  total: number;
  /** The same by how they stand when the report is made. */
  now: StatusCounts;
  reading: EntityReading[];
  /** The first ones, in order of time. */
  problems: Problem[];
  /** How many follow. */
  more_problems: number;
  /** Those with most that need a look first. */
  causes: Cause[];
  more_causes: { kind: CauseKind; causes: number; problems: number }[];
}

export interface Problem {
  key: string;
  at: string;
  /** False: it was open already when the day began. */
  is_new: boolean;
  entity: string;
  /** Null for a problem of a whole list or run. */
  external_id: string | null;
  /** The number on the booking's page, where a booking has one. */
  number: string | null;
  kind: string;
  /** The database's or the vendor's own words, cleaned; empty for a run that tells by its counts alone. */
  message: string;
  /** Of an incomplete run. */
  counts: { pages_failed: number; parked: number; quarantined: number } | null;
  attempts: number;
  run_id: string | null;
  now: { status: PresentStatus; at: string | null; resolution: string | null };
}

/** Problems that have one reason, what the reason may be, and what to do. */
export interface Cause {
  kind: CauseKind;
  entity: string;
  name: string;
  detail: string;
  problems: number;
  now: StatusCounts;
  first_at: string;
  last_at: string;
  entities: string[];
  records: DayCause['records'];
  message: string;
  /** Records that wait for these, where these are being looked for. */
  waiters: number;
  scenarios: Scenario[];
  actions: Action[];
}

/** `applies`: what we know says so. `possible`: nothing we know speaks against it. */
export type Verdict = 'applies' | 'possible' | 'ruled_out';

/** An explanation, and what speaks for or against it. */
export interface Scenario {
  code: ScenarioCode;
  verdict: Verdict;
  evidence: EvidenceFacts;
}

/** What is known, by its code; the other fields are what its sentence names. */
export interface EvidenceFacts {
  code: EvidenceCode;
  count?: number;
  total?: number;
  percent?: number;
  at?: string;
  names?: string[];
  /** Who was asked, what they said and when. */
  steps?: { account: string; at: string; answer: string }[];
}

/** Something to be done; with the exact command where there is one. */
export interface Action {
  code: ActionCode;
  command: string | null;
}
