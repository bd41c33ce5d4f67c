import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError, explainFailure } from './embedded-postgres-error.ts';
import type { Layout } from './layout.ts';
import { runProgram } from './run-program.ts';
import { giveTo, type ServerUser } from './server-user.ts';

export const SUPERUSER = 'pmsync';

/**
 * Makes the data folder of the server when there is none. Call it under the lock. initdb works in a folder of its own
 * name, renamed when it is finished: a half-made one is never taken for real, and an initdb whose pmsync was killed may
 * still write to its own.
 */
export async function initCluster(layout: Layout, binaries: Binaries, user: ServerUser): Promise<void> {
  if (existsSync(join(layout.cluster, 'PG_VERSION'))) return;
  const unfinished = `${layout.cluster}.new-${randomBytes(4).toString('hex')}`;
  try {
    removeUnfinished(layout);
    mkdirSync(unfinished, { mode: 0o700 });
    giveTo(user, unfinished);
    writeFileSync(layout.password, randomBytes(24).toString('base64url'), { mode: 0o600 });
    giveTo(user, layout.password);
    const { ok, said } = await runProgram(user, binaries.initdb, [
      `--pgdata=${unfinished}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${layout.password}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // PostgreSQL's own C.UTF-8: the same order and case rules on every machine, whatever locales it has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ]);
    if (!ok) throw explainFailure('INIT_FAILED', 'initdb failed', unfinished, said);
    renameSync(unfinished, layout.cluster);
    // Once more: whoever was still writing to the half-made one has found its end by now.
    removeUnfinished(layout);
  } catch (error) {
    removeUnfinished(layout);
    if (error instanceof EmbeddedPostgresError) throw error;
    throw explainFailure('INIT_FAILED', 'Cannot create the database', layout.dataDir, String(error), error);
  }
}

function removeUnfinished({ dataDir, cluster }: Layout): void {
  const prefix = `${basename(cluster)}.new-`;
  for (const name of readdirSync(dataDir).filter((entry) => entry.startsWith(prefix))) {
    rmSync(join(dataDir, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

export function readPassword({ password, cluster, dataDir }: Layout): string {
  try {
    return readFileSync(password, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw explainFailure('START_FAILED', 'Cannot read the database password', password, String(error), error);
    }
    throw new EmbeddedPostgresError(
      'PASSWORD_LOST',
      `The password of the embedded PostgreSQL is gone (${password}), but its data is there (${cluster}). Restore that file, or remove ${dataDir} and sync again.`,
      { cause: error },
    );
  }
}
