import { sql } from 'kysely';
import { waitFor } from '../../wait-for.ts';
import { allTrouble, outOfReach, someTrouble } from '../trouble-vendors.ts';
import type { Disaster } from './disaster.ts';

const SECOND = 1000;

export const vendorDisasters: Disaster[] = [
  {
    name: 'every fault of every vendor at once',
    family: 'vendors',
    async strike({ db, fleet, vendors, untilSaid }) {
      const said = fleet.listen();
      allTrouble(vendors);
      const quarantined = async () =>
        (await sql`select 1 from source_records where state = 'quarantined' limit 1`.execute(db)).rows.length > 0;
      await waitFor(quarantined, { describe: 'a record is quarantined', timeoutMs: 60 * SECOND, intervalMs: 50 });
      for (const trouble of [/to be retried/, /rate limited/]) await untilSaid(said, trouble);
      someTrouble(vendors);
    },
  },
  {
    name: 'every vendor out of reach',
    family: 'vendors',
    async strike({ fleet, vendors, untilSaid }) {
      const said = fleet.listen();
      outOfReach(vendors);
      for (const source of ['rentprog', 'litepms', 'iiko'])
        await untilSaid(
          said,
          new RegExp(`"source":"${source}"[^\\n]*to be retried|to be retried[^\\n]*"source":"${source}"`),
        );
      someTrouble(vendors);
    },
  },
];
