import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

export interface Binaries {
  initdb: string;
  pg_ctl: string;
  postgres: string;
}

/**
 * The PostgreSQL programs that npm installed for this platform. The class of the package is not used: it ties the server
 * to the life of the process that started it.
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let binaries: Binaries;
  try {
    const embeddedPostgres = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(embeddedPostgres).resolve(`@embedded-postgres/${platform}`);
    binaries = (await import(pathToFileURL(entry).href)) as Binaries;
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'UNSUPPORTED_PLATFORM',
      `There is no embedded PostgreSQL for ${platform} in node_modules. If npm ran with --omit=optional or on another kind of machine, run "npm ci" here; otherwise set DATABASE_URL to a PostgreSQL (15 or newer) of your own.`,
      { cause },
    );
  }
  linkLibraries(binaries.postgres);
  return binaries;
}

/** What the package's install script does: npm packages cannot hold symbolic links, and `--ignore-scripts` skips it. */
function linkLibraries(postgres: string): void {
  const packageFolder = join(dirname(postgres), '..', '..');
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(packageFolder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch {
      // Made by another process meanwhile, or a read-only node_modules: then starting says which library is missing.
    }
  }
}
