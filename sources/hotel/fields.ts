import { z } from 'zod';

/** The tables keep the rules already; these only tell what is missing, so that `analyze` can find where a field goes. */
const asText = (value: number | null | undefined) => (value === null || value === undefined ? null : String(value));

/** The record's own id; 0 is a room number like any other. */
export const ownId = z.int();
/** Another record's id as text. */
export const idText = z.int().nullish().transform(asText);
export const wholeNumber = z.int().nullish();

export const keyOf = (record: Record<string, unknown>) => (Number.isInteger(record.id) ? String(record.id) : undefined);

/**
 * Versions come from one sequence for all tables: comparable as text once they are equally long, and a record that is made
 * again under its old id is newer than what it was.
 */
export const versionOf = ({ version }: Record<string, unknown>) =>
  Number.isInteger(version) ? String(version).padStart(10, '0') : null;
