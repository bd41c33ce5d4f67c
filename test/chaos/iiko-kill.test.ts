import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { connect } from '../../db/connection.ts';
import { databaseNow } from '../../db/now.ts';
import { startIikoSimulator } from '../../sources/iiko/simulator.ts';
import { createTestDatabase } from '../support/database.ts';
import { expectSalesMirrored, iikoAccount } from '../support/iiko-truth.ts';
import { createHome } from '../support/pmsync-process.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
const MIDDLE = 8;
/** DESIGN: after a hard kill the next process takes the dead run over. */
const TAKEN_OVER_WITHIN_MS = 60 * SECOND;

test('a killed sync of iiko leaves its licence to the next one, which never asks beside it', async ({
  onTestFinished,
}) => {
  const simulator = await startIikoSimulator({ seed: 4, days: 20, lines: 600, latencyMs: [40, 120] });
  onTestFinished(() => simulator.close());
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const { db, close } = connect({ url: database.url, max: 2, onError: () => {} });
  onTestFinished(close);
  const { baseUrl, timezone, currency, credentials, options } = iikoAccount(simulator);
  const home = createHome({ env: { DATABASE_URL: database.url, IIKO_PASSWORD: credentials.password } });
  onTestFinished(home.remove);
  const account = { baseUrl, timezone, currency, login: credentials.login, password: `\${IIKO_PASSWORD}`, ...options };
  home.writeSettings({ sources: { iiko: { accounts: { main: account } } } });

  const first = home.start(['sync', '--wait']);
  await waitFor(() => (simulator.requests.byPath['/v2/reports/olap'] ?? 0) > MIDDLE, {
    describe: 'the sync is in the middle of its days',
    timeoutMs: 60_000,
  });
  const killedAt = await databaseNow(db);
  first.kill('SIGKILL');
  await first.ended();
  expect(simulator.openSessions()).toBe(1);

  const next = await home.run(['sync', '--wait']);
  expect(next.code, next.stdout + next.stderr).toBe(0);
  await expectSalesMirrored(db, simulator);
  expect(simulator.requests.logins).toBeLessThanOrEqual(2);
  simulator.assertGoodManners({ allLoggedOut: true });
  const { rows } = await sql<{
    at: Date;
  }>`select max(finished_at) as at from sync_log where started_at < ${killedAt}`.execute(db);
  expect(rows[0]!.at.getTime() - killedAt.getTime()).toBeLessThan(TAKEN_OVER_WITHIN_MS);
});
