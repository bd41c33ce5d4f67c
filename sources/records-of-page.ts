import type { EntityDefinition, Page } from './define-source.ts';

/** Of a page of the listing that an entity's records come with: those of the entity, wherever on the page they stand. */
export function recordsOfPage(
  entities: readonly EntityDefinition[],
  { name, partOf }: Pick<EntityDefinition, 'name' | 'partOf'>,
  { records, sets = [] }: Page,
): unknown[] {
  const listed = entities.find((entity) => entity.name === (partOf ?? name));
  const inside = listed?.sets
    ? records.flatMap((record) => listed.sets?.((record ?? {}) as Record<string, unknown>) ?? [])
    : [];
  const own = [...sets, ...inside].filter((set) => set.entity === name).flatMap((set) => set.records);
  return partOf === undefined ? [...records, ...own] : own;
}
