import { isCalendarDay } from '../db/calendar-day.ts';
import type { Db } from '../db/connection.ts';
import { databaseNow } from '../db/now.ts';
import { type AccountDay, dayBounds, dayNow } from '../db/report/account-day.ts';
import { readCauses } from '../db/report/read-causes.ts';
import { readEvidence } from '../db/report/read-evidence.ts';
import { readNumbers } from '../db/report/read-numbers.ts';
import { type DayProblem, readProblems } from '../db/report/read-problems.ts';
import { readNeighbours, readReading } from '../db/report/read-reading.ts';
import type { HealthContext } from '../health/read-health.ts';
import { zoneOf } from '../settings/zone-of.ts';
import type { EntityDefinition } from '../sources/define-source.ts';
import { judgeCause } from './judge/judge-cause.ts';
import { plainText } from './plain-text.ts';
import type { Cause, Problem, Report } from './report.ts';

/** What stands in a report at most; the rest is counted. */
const MOST_PROBLEMS = 200;
const MOST_CAUSES = 20;

export interface ReportRequest {
  source: string;
  account: string;
  /** Calendar day `YYYY-MM-DD` in the zone; default: today there. */
  date?: string | undefined;
  /** IANA zone that says what a day is; default: the account's. */
  zone?: string | undefined;
}

/**
 * The error report of an account and a day, as things stand now: read in one snapshot of the database, and never more of it
 * in memory than what the report shows. Throws `RangeError` for a date that is none.
 */
export async function readReport(
  { db, settings, sources }: HealthContext,
  { source, account, date, zone }: ReportRequest,
): Promise<Report> {
  if (date !== undefined && !isCalendarDay(date)) throw new RangeError(`${date} is no day; write e.g. 2026-11-20.`);
  const configured = settings.sources.find(({ name }) => name === source);
  const definition = sources.get(source);
  const accounts = configured?.accounts ?? [];
  const timezone = zone ?? zoneOf(settings, source, account);
  const entities = definition?.entities ?? [];
  const schedule = configured?.schedule ?? {};
  const snapshot = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
  return snapshot.execute(async (trx) => {
    const at = await databaseNow(trx);
    const ofDay = date ?? (await dayNow(trx, timezone));
    const day: AccountDay = {
      source,
      account,
      ...(await dayBounds(trx, ofDay, timezone)),
      scheduled: entities.flatMap(({ name }) => (schedule[name] || schedule.full ? [name] : [])),
      parts: entities.flatMap(({ name, partOf }) => (partOf ? [{ entity: name, listed: partOf }] : [])),
    };
    const { counts, problems } = await readProblems(trx, day, MOST_PROBLEMS);
    const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
    const numbers = await readNumbers(trx, day, entities, problems);
    const known = { entities, accounts: accounts.map(({ name }) => name) };
    const analysis = total === 0 ? { causes: [], more_causes: [] } : await analyse(trx, day, known);
    return {
      source,
      source_title: definition?.title ?? source,
      account,
      date: ofDay,
      zone: timezone,
      from: day.from.toISOString(),
      to: day.to.toISOString(),
      generated_at: at.toISOString(),
      total,
      now: counts,
      reading: await readReading(trx, day),
      problems: problems.map((problem) => told(problem, numbers.get(problem.key) ?? null)),
      more_problems: total - problems.length,
      ...analysis,
    };
  });
}

/** The causes of a day's problems, judged by what the database knows beside them. */
async function analyse(
  db: Db,
  day: AccountDay,
  { entities, accounts }: { entities: readonly EntityDefinition[]; accounts: readonly string[] },
): Promise<Pick<Report, 'causes' | 'more_causes'>> {
  const found = await readCauses(db, day, MOST_CAUSES);
  const evidence = await readEvidence(db, day, found.causes);
  const neighbours = await readNeighbours(db, day);
  const { source, account } = day;
  const causes = found.causes.map((cause, index): Cause => {
    const known = evidence[index]!;
    const entity = entities.find(({ name }) => name === cause.entity);
    const { first_at, last_at, details: _, run_id: __, resolution: ___, ...rest } = cause;
    return {
      ...rest,
      detail: plainText(cause.detail),
      message: plainText(cause.message),
      first_at: first_at.toISOString(),
      last_at: last_at.toISOString(),
      waiters: known.waiters,
      ...judgeCause({ source, account, cause, evidence: known, accounts, neighbours, entity }),
    };
  });
  return { causes, more_causes: notShown(found.all, causes) };
}

function told({ details, ...problem }: DayProblem, number: string | null): Problem {
  const { key, at, is_new, entity, external_id, kind, message, attempts, run_id, status, healed_at, resolution } =
    problem;
  const { pages_failed = 0, parked = 0, quarantined = 0 } = details as Record<string, number>;
  return {
    key,
    at: at.toISOString(),
    is_new,
    entity,
    external_id,
    number,
    kind,
    message: plainText(message),
    counts: kind.startsWith('run_') ? { pages_failed, parked, quarantined } : null,
    attempts,
    run_id,
    now: {
      status,
      at: healed_at?.toISOString() ?? null,
      resolution: resolution === null ? null : plainText(resolution),
    },
  };
}

function notShown(all: readonly Report['more_causes'][number][], causes: readonly Cause[]): Report['more_causes'] {
  return all.flatMap(({ kind, causes: count, problems }) => {
    const shown = causes.filter((cause) => cause.kind === kind);
    const left = problems - shown.reduce((sum, cause) => sum + cause.problems, 0);
    return count > shown.length ? [{ kind, causes: count - shown.length, problems: left }] : [];
  });
}
