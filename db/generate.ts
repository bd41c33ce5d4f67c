/**
 * `npm run db:generate` writes db/schema.sql and db/types.ts from the migrations, on an embedded PostgreSQL of its own;
 * with `--check` it compares them instead and fails when they are out of date.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { dumpSchema } from './dump-schema.ts';
import { openEmbeddedPostgres } from './embedded/index.ts';
import { migrateToLatest } from './migrate.ts';

const check = process.argv.includes('--check');
const folder = mkdtempSync(join(tmpdir(), 'pmsync-schema-'));
const server = await openEmbeddedPostgres({ dataDir: folder });
try {
  await migrateToLatest(server.url);
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const schema = await dumpSchema(client).finally(() => client.end());
  const types = join(folder, 'types.ts');
  const codegen = join(import.meta.dirname, '../node_modules/.bin/kysely-codegen');
  execFileSync(
    codegen,
    ['--dialect', 'postgres', '--url', server.url, '--out-file', types, '--exclude-pattern', '(kysely_*|bullmq.*)'],
    { stdio: 'pipe' },
  );
  const fresh = [write('schema.sql', schema), write('types.ts', readFileSync(types, 'utf8'))].every(Boolean);
  process.exitCode = fresh ? 0 : 1;
} finally {
  await server.leave();
  rmSync(folder, { recursive: true, force: true });
}

function write(name: string, text: string): boolean {
  const path = join(import.meta.dirname, name);
  if (!check) {
    writeFileSync(path, text);
    return true;
  }
  const same = readIfThere(path) === text;
  if (!same) process.stderr.write(`db/${name} does not fit the migrations. Run: npm run db:generate\n`);
  return same;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
