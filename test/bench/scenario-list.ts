import type { Figure, Machine } from './figure.ts';
import { budget } from './scenarios/budget.ts';
import { coldStart } from './scenarios/cold-start.ts';
import { compare } from './scenarios/compare.ts';
import { fullLoad } from './scenarios/full-load.ts';
import { healing } from './scenarios/healing.ts';
import { hotelFirstLoad } from './scenarios/hotel-first-load.ts';
import { overview } from './scenarios/overview.ts';
import { pagesUnderLoad } from './scenarios/pages-under-load.ts';
import { perRecord } from './scenarios/per-record.ts';
import { sizes } from './scenarios/sizes.ts';
import { twoWorkers } from './scenarios/two-workers.ts';
import { webhooks } from './scenarios/webhooks.ts';

export interface Scenario {
  about: string;
  run(machine: Machine): Promise<Figure[]>;
  /** Once before, small and unmeasured, so that caches of the system and the servers are warm. */
  warmUp?: true;
  /** Of itself: when it is long, or counts instead of measuring. */
  runs?: number;
}

/** By name, in the order of the report. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'full-load': {
    about: 'a first load on the Redis queue, the same list unchanged, and the same rows written by hand',
    run: (machine) => fullLoad(machine, 'redis'),
    warmUp: true,
  },
  'full-load-postgres': {
    about: 'the same on the PostgreSQL queue',
    run: (machine) => fullLoad(machine, 'postgres'),
    warmUp: true,
  },
  'per-record': {
    about: 'one job a record on the Redis queue, beside the same BullMQ doing nothing',
    run: (machine) => perRecord(machine, 'redis'),
    warmUp: true,
  },
  'per-record-postgres': {
    about: 'the same on the PostgreSQL queue',
    run: (machine) => perRecord(machine, 'postgres'),
    warmUp: true,
  },
  'two-workers': { about: 'one worker process and two', run: twoWorkers, warmUp: true },
  sizes: { about: 'loads of a fifth, twice and twenty times the records', run: sizes, runs: 1 },
  webhooks: {
    about: 'a webhook until its row is visible, Redis queue',
    run: (machine) => webhooks(machine, 'redis'),
  },
  'webhooks-postgres': {
    about: 'the same on the PostgreSQL queue',
    run: (machine) => webhooks(machine, 'postgres'),
  },
  compare: { about: 'a comparison of twice the records', run: compare, warmUp: true },
  'cold-start': { about: './pmsync start until it answers and until the first row', run: coldStart, warmUp: true },
  'pages-under-load': { about: 'pages of the console during a full load', run: pagesUnderLoad, warmUp: true },
  overview: { about: 'pages, lists and re-queues over a million records', run: overview, runs: 1 },
  healing: { about: '1,000 bookings, 37 missing clients, 5 of them gone', run: healing, runs: 1 },
  budget: { about: 'how much of a vendor’s budget is used by RentProg’s pages', run: budget, runs: 1 },
  'hotel-first-load': { about: 'the same for LitePMS, one request a booking', run: hotelFirstLoad, runs: 1 },
};
