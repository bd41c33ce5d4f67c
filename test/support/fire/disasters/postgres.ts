import { sql } from 'kysely';
import pg from 'pg';
import { waitFor } from '../../wait-for.ts';
import { FIRE_BRIGADE } from '../fire-world.ts';
import type { Disaster } from './disaster.ts';

/** Ends every connection but the fire brigade's own. */
const END_OTHERS = `select pg_terminate_backend(pid) from pg_stat_activity
  where backend_type = 'client backend' and application_name <> '${FIRE_BRIGADE}'`;

const SECOND = 1000;
const TOO_MANY = '53300';

/** Takes every connection that the server has left. */
async function occupy(url: string, held: pg.Client[]): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url, application_name: FIRE_BRIGADE });
    client.on('error', () => {});
    try {
      await client.connect();
    } catch (error) {
      if ((error as { code?: string }).code === TOO_MANY) return;
      throw error;
    }
    held.push(client);
  }
}

/** Tables that are written to all the time, the queue's own among them where it lives in PostgreSQL. */
const BUSY = ['source_records', 'sync_pages', 'bookings', 'bullmq.job'];

export const postgresDisasters: Disaster[] = [
  {
    name: 'PostgreSQL crashed and back',
    family: 'postgres',
    async strike({ fleet, postgres, untilSaid }) {
      const said = fleet.listen();
      await postgres.crash();
      await untilSaid(said, /ECONNREFUSED|ECONNRESET|terminat/);
      await postgres.start();
    },
  },
  {
    name: 'PostgreSQL restarted in order',
    family: 'postgres',
    async strike({ fleet, postgres, untilSaid }) {
      const said = fleet.listen();
      await postgres.shutDown();
      await untilSaid(said, /57P01|terminating connection|ECONNREFUSED|ECONNRESET/);
      await postgres.start();
    },
  },
  {
    name: 'every connection of PostgreSQL ended',
    family: 'postgres',
    async strike({ db, fleet }) {
      const said = fleet.listen();
      // Again and again, as long as nobody has noticed: what is connected may be idle.
      const noticed = async () => {
        await sql.raw(END_OTHERS).execute(db);
        return /57P01|terminating connection/.test(said());
      };
      await waitFor(noticed, {
        describe: 'somebody has lost his connection',
        timeoutMs: 60 * SECOND,
        intervalMs: 200,
      });
    },
  },
  {
    name: 'no connection of PostgreSQL left (53300)',
    family: 'postgres',
    isLong: true,
    async strike(world) {
      const said = world.fleet.listen();
      const held: pg.Client[] = [];
      try {
        await occupy(world.postgres.url, held);
        await held[0]?.query(END_OTHERS);
        await occupy(world.postgres.url, held);
        await world.untilSaid(said, /53300/);
      } finally {
        await Promise.all(held.map((client) => client.end()));
      }
    },
  },
  {
    name: 'writes refused: disk full (53100, raised by a trigger)',
    family: 'postgres',
    async strike({ db, fleet, untilSaid }) {
      const said = fleet.listen();
      await sql`create or replace function public.disk_full() returns trigger language plpgsql as $$
        begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`.execute(
        db,
      );
      try {
        for (const table of BUSY)
          await sql`create trigger disk_full before insert or update on ${sql.raw(table)}
            for each statement execute function public.disk_full()`.execute(db);
        await untilSaid(said, /53100/);
      } finally {
        await sql`drop function public.disk_full() cascade`.execute(db);
      }
    },
  },
  {
    name: 'writes refused: read-only, as in a failover (25006)',
    family: 'postgres',
    async strike({ db, fleet, untilSaid }) {
      const said = fleet.listen();
      await sql`alter system set default_transaction_read_only = on`.execute(db);
      await sql`select pg_reload_conf()`.execute(db);
      await untilSaid(said, /25006/);
      await sql`alter system reset default_transaction_read_only`.execute(db);
      await sql`select pg_reload_conf()`.execute(db);
    },
  },
];
