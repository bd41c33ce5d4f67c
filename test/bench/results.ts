import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Machine, Measured } from './figure.ts';

/** What was measured, where and on what. */
export interface Results {
  scenarios: Record<string, ScenarioResult>;
}

export interface ScenarioResult {
  /** Day and time, ISO 8601. */
  at: string;
  /** Short; with a `+` when files had been changed since. */
  commit: string;
  machine: Facts;
  records: number;
  runs: number;
  /** Of all runs together. */
  seconds: number;
  figures: Measured[];
}

export interface Facts {
  cpu: string;
  cores: number;
  memoryGb: number;
  node: string;
  postgres: string;
  redis: string;
}

export async function readFacts({ server, redisUrl }: Machine): Promise<Facts> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('show server_version').finally(() => client.end());
  const redis = new Redis(redisUrl);
  const info = await redis.info('server').finally(() => redis.disconnect());
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version.slice(1),
    postgres: rows[0]!.server_version,
    redis: /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown',
  };
}

export function readCommit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') ? '+' : ''}`;
}

export function readResults(file: string): Results {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : { scenarios: {} };
}

/** The scenarios of `newer` take the place of their older selves; the others stay. */
export function saveResults(file: string, newer: Results): void {
  const { scenarios } = readResults(file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ scenarios: { ...scenarios, ...newer.scenarios } }, null, 2)}\n`);
}
