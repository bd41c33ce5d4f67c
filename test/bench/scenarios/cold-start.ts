import { sql } from 'kysely';
import { connect, type Db } from '../../../db/connection.ts';
import type { Account } from '../../../sources/define-source.ts';
import { freePort } from '../../support/free-port.ts';
import { createHome } from '../../support/pmsync-process.ts';
import { startRedis } from '../../support/redis-server.ts';
import { waitFor } from '../../support/wait-for.ts';
import { createDatabase, dropDatabase } from '../bench-database.ts';
import type { Figure, Machine } from '../figure.ts';
import { startChild } from '../processes/child.ts';
import { world } from '../world.ts';

const POLL_MS = 5;
const TIMEOUT_MS = 60_000;
const TOKEN = 'BENCH_TOKEN';
/** So many that nothing waits for the budget. */
const LIMIT = '1000/s';

/** `./pmsync start` on an empty, migrated database and an empty Redis: until it answers, and until the first booking is here. */
export async function coldStart({ server }: Machine): Promise<Figure[]> {
  const name = `bench_${process.pid}_cold`;
  const databaseUrl = await createDatabase(server, name);
  // Of its own: `start` uses the keys that an installation uses.
  const redis = await startRedis();
  const simulator = startChild('simulator.ts');
  const { db, close } = connect({ url: databaseUrl, max: 2, onError: () => {} });
  const home = createHome();
  try {
    const vendor = world(1000);
    const { url, accounts } = await simulator.ask<{ url: string; accounts: Account[] }>('start', vendor);
    const [account] = accounts as [Account];
    home.writeSettings(settingsFor(url, account));
    const port = await freePort();
    const token = account.credentials.companyToken;
    const began = performance.now();
    const since = async (look: () => Promise<boolean>, describe: string) => {
      await waitFor(look, { describe, intervalMs: POLL_MS, timeoutMs: TIMEOUT_MS });
      return performance.now() - began;
    };
    home.start(['start'], { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, PORT: String(port), [TOKEN]: token });
    const [healthy, first] = await Promise.all([
      since(async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok, 'pmsync answers'),
      since(() => hasBooking(db), 'a booking is here'),
    ]);
    const note = 'from the spawn of ./pmsync start, on a migrated database';
    return [
      { name: 'cold start until /healthz answers', value: healthy, unit: 'ms', target: null, note },
      { name: 'cold start until the first booking', value: first, unit: 'ms', target: null, note },
    ];
  } finally {
    await home.remove();
    await close();
    await simulator.end();
    await redis.stop();
    await dropDatabase(server, name);
  }
}

function settingsFor(baseUrl: string, { name, timezone, currency }: Account) {
  return {
    sources: {
      rentprog: {
        baseUrl,
        limits: { read: LIMIT, search: LIMIT, auth: LIMIT },
        schedule: { clients: '15m', cars: '1h', bookings: '5m', full: 'off' },
        accounts: { [name]: { companyToken: `\${${TOKEN}}`, timezone, currency } },
      },
    },
  };
}

async function hasBooking(db: Db): Promise<boolean> {
  const { rows } = await sql`select 1 from bookings limit 1`.execute(db);
  return rows.length > 0;
}
