import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { stringify } from 'yaml';
import {
  type RentprogSimulator,
  type RentprogSimulatorOptions,
  startRentprogSimulator,
} from '../../sources/rentprog/simulator.ts';
import type { QueueBackend } from './backends.ts';
import { type CliResult, runCli } from './run-cli.ts';
import { type System, startSystem } from './system.ts';

/** A mirror with workers of its own, and the commands on the same database. */
export interface CliWorld {
  simulator: RentprogSimulator;
  system: System;
  pm(...args: string[]): Promise<CliResult>;
  close(): Promise<void>;
}

/**
 * `redisDatabase`: the commands' own, because their key prefix is the real one; no two test files share a number. The
 * system's workers have another prefix, so on Redis a command works alone.
 */
export async function openCliWorld(
  backend: QueueBackend,
  redisDatabase: number,
  world: RentprogSimulatorOptions = {},
): Promise<CliWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'pmsync-cli-'));
  const simulator = await startRentprogSimulator({
    branches: ['tbilisi', 'batumi'],
    bookings: 80,
    cars: 20,
    missingClients: 4,
    goneClients: 2,
    missingCars: 1,
    limits: null,
    ...world,
  });
  const system = await startSystem({ backend, simulator });
  const limits = { read: '12000/min', search: '12000/min', auth: '12000/min' };
  const accounts = Object.fromEntries(
    simulator.branches.map(({ name, timezone, currency }) => [
      name,
      { companyToken: `\${TOKEN_${name}}`, timezone, currency },
    ]),
  );
  const config = join(folder, 'pmsync.yaml');
  writeFileSync(config, stringify({ sources: { rentprog: { baseUrl: simulator.url, limits, accounts } } }), {
    mode: 0o600,
  });
  const env: Record<string, string> = {
    DATABASE_URL: system.databaseUrl,
    PMSYNC_CONFIG: config,
    PMSYNC_DATA_DIR: join(folder, 'data'),
    LOG_DIR: join(folder, 'logs'),
    ...Object.fromEntries(simulator.branches.map(({ name, companyToken }) => [`TOKEN_${name}`, companyToken])),
  };
  if (backend.redisUrl) {
    const url = new URL(backend.redisUrl);
    url.pathname = `/${redisDatabase}`;
    env.REDIS_URL = url.href;
    // What another test's commands have left there belongs to another database.
    const redis = new Redis(url.href);
    await redis.flushdb();
    await redis.quit();
  }
  return {
    simulator,
    system,
    pm: (...args) => runCli(env, ...args),
    async close() {
      await system.stop();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
