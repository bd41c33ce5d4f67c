import { databaseNow } from '../db/now.ts';
import {
  type ChartFilter,
  type ChartSpan,
  type DurationPoint,
  type IssuePoint,
  type RecordPoint,
  readIssueCharts,
  readRunCharts,
} from '../db/overview/read-charts.ts';
import { cached } from './cached.ts';
import type { OperationsContext } from './context.ts';

export type { ChartFilter, DurationPoint, IssuePoint, RecordPoint };

/** How much time a chart shows. */
export type ChartRange = 'hour' | 'day' | 'week';

export interface Charts {
  at: Date;
  range: ChartRange;
  /** Length of a point: a minute, ten minutes, an hour. */
  bucket_s: number;
  /** Oldest first, without gaps. `fetched` of a point divided by `bucket_s / 60` are records per minute. */
  records: RecordPoint[];
  durations: DurationPoint[];
  issues: IssuePoint[];
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const CHART_RANGES: Readonly<Record<ChartRange, ChartSpan>> = {
  hour: { seconds: HOUR, bucketSeconds: MINUTE },
  day: { seconds: DAY, bucketSeconds: 10 * MINUTE },
  week: { seconds: 7 * DAY, bucketSeconds: HOUR },
};

/** Of a week over many accounts some hundred thousand runs are summed up; whoever looks meanwhile gets the same. */
const FRESH_MS: Record<ChartRange, number> = { hour: 2000, day: 15_000, week: 60_000 };
const PATIENCE_MS = 30_000;
const MOST_CACHED = 100;

const readers = new WeakMap<object, Map<string, () => Promise<Charts | undefined>>>();

/** Records, durations of runs and issues over time. Throws when the database takes too long. */
export async function readCharts(
  context: OperationsContext,
  range: ChartRange,
  filter: ChartFilter = {},
): Promise<Charts> {
  const charts = await readerOf(context, range, filter)();
  if (!charts) throw new Error('The database takes too long to sum up the runs.');
  return charts;
}

function readerOf({ db }: OperationsContext, range: ChartRange, filter: ChartFilter) {
  const ours = readers.get(db) ?? new Map<string, () => Promise<Charts | undefined>>();
  readers.set(db, ours);
  const name = JSON.stringify([range, filter.source, filter.account, filter.entity]);
  const known = ours.get(name);
  if (known) return known;
  if (ours.size >= MOST_CACHED) ours.clear();
  const span = CHART_RANGES[range];
  const reader = cached(
    async () => {
      const [at, runs, issues] = await Promise.all([
        databaseNow(db),
        readRunCharts(db, filter, span),
        readIssueCharts(db, filter, span),
      ]);
      return {
        at,
        range,
        bucket_s: span.bucketSeconds,
        records: runs.map((point) => ({
          at: point.at,
          fetched: point.fetched,
          written: point.written,
          requests: point.requests,
        })),
        durations: runs.map(({ fetched: _f, written: _w, requests: _r, ...point }) => point),
        issues,
      };
    },
    { freshMs: FRESH_MS[range], patienceMs: PATIENCE_MS },
  );
  ours.set(name, reader);
  return reader;
}
