/**
 * All the records of an entity that lie in one place: the lines of an accounting day, the modifiers of a product.
 * What lay there before and is not in the set any more is gone. See source.draft.md.
 */
export interface RecordSet {
  entity: string;
  /** Beginning of the places that the set has completely: `2026-10-05/` is that day at every department. */
  covers: string;
  records: Record<string, unknown>[];
}
