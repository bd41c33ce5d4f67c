import { resolve } from 'node:path';
import { type Environment, readEnvironment } from '../settings/environment.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { withEnvFile } from '../settings/with-env-file.ts';
import { openDatabase, readSettings } from './runtime.ts';

/** Opens the database that every other command would use, also where there is no settings file yet. */
export async function openOnlyDatabase(config: string | undefined) {
  const environment = environmentOnly(config);
  const demo = await isDemo(config);
  const database = await openDatabase({ environment, demo, dataDir: resolve(environment.dataDir) });
  return { environment, ...database };
}

export function environmentOnly(config: string | undefined): Environment {
  return readEnvironment(withEnvFile({ configPath: config, env: process.env, cwd: process.cwd() }));
}

async function isDemo(config: string | undefined): Promise<boolean> {
  try {
    return (await readSettings({ config })).demo;
  } catch (error) {
    // No settings, or wrong ones: not what a database needs.
    if (error instanceof SettingsError) return false;
    throw error;
  }
}
