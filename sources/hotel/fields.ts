import { z } from 'zod';

export const id = z.int();
export const day = z.iso.date();
export const decimal = z.string().regex(/^\d+(\.\d+)?$/, { error: 'expected a decimal' });
/** A moment as PostgreSQL writes it. */
export const moment = z.string();

/** The id at the source; 0 is a room number like any other. */
export const keyOf = (record: Record<string, unknown>) => (Number.isInteger(record.id) ? String(record.id) : undefined);

/**
 * Versions come from one sequence for all tables: comparable as text once they are equally long, and a record that is made
 * again under its old id is newer than what it was.
 */
export const versionOf = ({ version }: Record<string, unknown>) =>
  Number.isInteger(version) ? String(version).padStart(10, '0') : null;
