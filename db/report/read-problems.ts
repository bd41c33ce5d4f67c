import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import type { AccountDay } from './account-day.ts';
import { type PresentStatus, problemsOf } from './problems-of.ts';

export interface DayProblem {
  /** `issue <id>` or `run <id>`. */
  key: string;
  at: Date;
  /** False: it was open already when the day began. */
  is_new: boolean;
  healed_at: Date | null;
  resolution: string | null;
  entity: string;
  /** Null for a problem of a whole list. */
  external_id: string | null;
  kind: string;
  message: string;
  details: Record<string, unknown>;
  attempts: number;
  run_id: string | null;
  status: PresentStatus;
}

export type StatusCounts = Record<PresentStatus, number>;

/** The first problems of a day in order of time, and how many there are in all, by how they stand now. */
export async function readProblems(
  db: Db,
  day: AccountDay,
  limit: number,
): Promise<{ counts: StatusCounts; problems: DayProblem[] }> {
  const { rows } = await sql<{ counts: StatusCounts | null; problems: Stored[] | null }>`
    with ${problemsOf(day)}
    select
      (select json_object_agg(status, n) from (select status, count(*) as n from problems group by status) c) as counts,
      (select json_agg(p order by p.at, p.key) from (select key, at, is_new, healed_at, resolution, entity, external_id, kind,
        message, details, attempts, run_id, status from problems order by at, key limit ${limit}) p) as problems`.execute(
    db,
  );
  const none: StatusCounts = { healed: 0, waiting: 0, needs_look: 0, closed: 0 };
  return { counts: { ...none, ...rows[0]?.counts }, problems: (rows[0]?.problems ?? []).map(withDates) };
}

type Stored = Omit<DayProblem, 'at' | 'healed_at'> & { at: string; healed_at: string | null };

/** JSON has no times. */
function withDates(problem: Stored): DayProblem {
  const { at, healed_at: healedAt } = problem;
  return { ...problem, at: new Date(at), healed_at: healedAt === null ? null : new Date(healedAt) };
}
