import type { EntityDefinition, SourceDefinition } from '../sources/define-source.ts';

/** The definition of an entity. Throws for a name that no source has: a job from another version, or a mistyped command. */
export function entityOf(
  sources: ReadonlyMap<string, SourceDefinition>,
  source: string,
  entity: string,
): EntityDefinition {
  const found = sources.get(source)?.entities.find((candidate) => candidate.name === entity);
  if (!found) {
    const known = sources
      .get(source)
      ?.entities.map((candidate) => candidate.name)
      .join(', ');
    throw new Error(
      known
        ? `${source} has no entity "${entity}"; it has ${known}.`
        : `There is no source "${source}"; there are ${[...sources.keys()].join(', ')}.`,
    );
  }
  return found;
}
