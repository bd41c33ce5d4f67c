import type { TestProject } from 'vitest/node';
import { migrateToLatest } from '../../db/migrate.ts';
import { createTemplate, dropTemplate } from './database.ts';
import './provided-context.ts';
import { findRedis, startPostgres } from './services.ts';

interface Services {
  postgresUrl: string;
  templateDatabase: string;
  redisUrl: string | null;
  stop(): Promise<void>;
}

/** Every project has its own copy of this module, but all run in one process and share the servers. */
const shared = globalThis as { pmsyncTestServices?: { services: Promise<Services>; users: number } };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.pmsyncTestServices ??= { services: start(), users: 0 };
  const run = shared.pmsyncTestServices;
  run.users++;
  const { postgresUrl, templateDatabase, redisUrl, stop } = await run.services;
  project.provide('postgresUrl', postgresUrl);
  project.provide('templateDatabase', templateDatabase);
  project.provide('redisUrl', redisUrl);
  return async () => {
    if (--run.users > 0) return;
    delete shared.pmsyncTestServices;
    await stop();
  };
}

async function start(): Promise<Services> {
  const postgres = await startPostgres();
  try {
    const templateDatabase = await createTemplate(postgres.url, migrateToLatest);
    const redis = await findRedis();
    const stop = async () => {
      await redis?.stop();
      await dropTemplate(postgres.url, templateDatabase);
      await postgres.stop();
    };
    return { postgresUrl: postgres.url, templateDatabase, redisUrl: redis?.url ?? null, stop };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
