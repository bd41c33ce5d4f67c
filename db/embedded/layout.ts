import { mkdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { explainFailure } from './embedded-postgres-error.ts';

/** Where everything of one embedded server lies. All paths are absolute. */
export interface Layout {
  dataDir: string;
  cluster: string;
  password: string;
  log: string;
  members: string;
  keeper: string;
  lock: string;
}

export function layoutOf(dataDir: string): Layout {
  return {
    dataDir,
    cluster: join(dataDir, 'postgres'),
    password: join(dataDir, 'postgres.password'),
    log: join(dataDir, 'postgres.log'),
    members: join(dataDir, 'members'),
    keeper: join(dataDir, 'keeper'),
    lock: join(dataDir, 'lock'),
  };
}

/** Makes the folders. Symbolic links are resolved: one server must have one path, however it is reached. */
export function createLayout(dataDir: string): Layout {
  try {
    mkdirSync(join(dataDir, 'members'), { recursive: true });
    return layoutOf(realpathSync(dataDir));
  } catch (error) {
    throw explainFailure(
      'INIT_FAILED',
      'Cannot create the data folder of the embedded PostgreSQL',
      resolve(dataDir),
      String(error),
      error,
    );
  }
}

/** The layout of a folder that may not exist; nothing is created. */
export function findLayout(dataDir: string): Layout {
  try {
    return layoutOf(realpathSync(dataDir));
  } catch {
    return layoutOf(resolve(dataDir));
  }
}
