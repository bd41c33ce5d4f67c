import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runCli } from '../support/run-cli.ts';
import { oddText } from './support/nasty.ts';
import { runs } from './support/runs.ts';

let database: TestDatabase;
let env: Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), 'pmsync-fuzz-cli-'));

beforeAll(async () => {
  database = await createTestDatabase();
  const place = { timezone: 'Asia/Tbilisi', currency: 'GEL' };
  const accounts = { tbilisi: { companyToken: 'a-secret-token', ...place } };
  const config = join(folder, 'pmsync.yaml');
  // Nobody listens there: these commands have no need of the vendor.
  const sources = { rentprog: { baseUrl: 'http://127.0.0.1:1', accounts } };
  writeFileSync(config, stringify({ sources }), { mode: 0o600 });
  writeFileSync(join(folder, 'ids.csv'), 'id;name\n1;"not closed', { mode: 0o600 });
  env = { DATABASE_URL: database.url, REDIS_URL: '', PMSYNC_CONFIG: config, LOG_DIR: join(folder, 'logs') };
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

/** As a shell can pass it on: no NUL, and well-formed. */
const word = fc.oneof(
  fc.constantFrom(
    'bookings',
    'clients',
    'booking',
    '900101',
    '900101,900102',
    'rentprog',
    'tbilisi',
    '2026-02-30',
    '0',
  ),
  oddText.map((text) => text.replaceAll('\u0000', '').toWellFormed().slice(0, 2000)),
);
const options = ['--source', '--account', '--entity', '--from', '--to', '--file', '--timeout', '--limit', '--lang'];
const flags = ['--json', '--dry-run', '--failed', '--no-wait', '--full', '--keep-out', '--let-in', '--', '--nonsense'];
const more = fc.oneof(
  fc.constantFrom(...flags).map((flag) => [flag]),
  fc.tuple(fc.constantFrom(...options), word),
  fc.constantFrom(['--file', join(folder, 'ids.csv')], ['--file', '/'], ['--timeout', '1s']),
);
const command = fc.constantFrom('explain', 'requeue', 'status', 'delete', 'sync', 'db');
const typed = fc
  .tuple(command, fc.array(word, { maxLength: 3 }), fc.array(more, { maxLength: 3 }))
  .map(([name, words, rest]) => [name, ...words, ...rest.flat(), ...(name === 'requeue' ? ['--no-wait'] : [])]);

test('whatever is typed gets an answer and an exit code, no stack and no secret', async () => {
  await fc.assert(
    fc.asyncProperty(typed, async (args) => {
      const said = await runCli(env, ...args).catch((error: unknown) => {
        // Wrong usage; `cli/program.ts` turns it into exit code 2.
        if (error instanceof CommanderError) return undefined;
        throw error;
      });
      if (!said) return;
      expect([0, 1, 2]).toContain(said.code);
      expect(said.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
      expect(said.stdout + said.stderr).not.toContain('a-secret-token');
      if (said.code === 2) expect(said.stderr).not.toBe('');
      if (args.includes('--json') && said.code === 0 && said.stdout !== '') expect(() => said.data()).not.toThrow();
    }),
    runs(60),
  );
});
