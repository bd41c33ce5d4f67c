import { userInfo } from 'node:os';
import { sql } from 'kysely';
import type { Db } from './connection.ts';
import { jsonText } from './json.ts';

export interface AuditEntry {
  actor: string;
  action: string;
  /** What it was done to, e.g. `rentprog/bookings`. */
  target: string;
  /** Ids and counts; no personal data. */
  details: Record<string, unknown>;
}

/** Writes down what an operator did; inside a transaction it stands or falls with the deed. Answers with the entry's id. */
export async function writeAudit(db: Db, { actor, action, target, details }: AuditEntry): Promise<string> {
  const { rows } = await sql<{ id: string }>`insert into audit_log (actor, action, target, details)
    values (${actor}, ${action}, ${target}, ${jsonText(details)}::jsonb) returning id`.execute(db);
  return rows[0]!.id;
}

/** Who sits at the shell. A container's user may have no name. */
export function shellUser(): string {
  try {
    return userInfo().username || 'cli';
  } catch {
    return 'cli';
  }
}
