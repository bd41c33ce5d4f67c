import type { Account, RateLimit } from '../sources/define-source.ts';

/** What `pmsync.yaml` says, checked and completed with every source's defaults. Holds secrets: never logged whole. */
export interface Settings {
  sources: SourceSettings[];
  /** A run that has fanned out more records than this goes on with one job a page. */
  fanOut: { perRecordLimit: number };
  /** More deletes than `percent` of the rows and more than `rows` wait for a person. */
  deleteBrake: { percent: number; rows: number };
  /** Without it nobody is told anything. */
  notify?: NotifySettings;
  /** Without it nothing is ever forgotten. */
  retention?: RetentionSettings;
}

/** How long is kept what nobody needs for the sync itself; without a number for ever. */
export interface RetentionSettings {
  /** Finished rows of `sync_log`. */
  runsMs?: number;
  /** Closed rows of `sync_issues`. */
  issuesMs?: number;
  auditMs?: number;
  /** Files in `LOG_DIR`. */
  logsMs?: number;
}

/** Who is told how things stand, and by which ways. */
export interface NotifySettings {
  language: 'en' | 'ru';
  /** Of the digest's hour, and of the times in messages. */
  timezone: string;
  /** A cron line. */
  digest?: string;
  /** An account that is red for so long is told; without it none is. */
  alertAfterMs?: number;
  /** The URL holds a password. */
  email?: { smtpUrl: string; from: string; to: string[] };
  telegram?: { botToken: string; chatId: string; baseUrl: string };
}

export interface SourceSettings {
  name: string;
  /** Empty when the vendor has no common address; every account then has its own. */
  baseUrl: string;
  /** By rate class. */
  limits: Record<string, RateLimit>;
  /** By entity, and `full`. What is switched off is not in here. */
  schedule: Record<string, Schedule>;
  accounts: Account[];
}

/** A cron line without a zone runs in the zone of each account. */
export type Schedule = { everyMs: number } | { cron: string; timezone?: string };
