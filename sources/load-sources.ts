import { readdir } from 'node:fs/promises';
import type { SourceDefinition } from './define-source.ts';

/** Every folder beside this file is a source: its `index.ts` exports `source`. Faults name the file to mend. */
export async function loadSources(): Promise<ReadonlyMap<string, SourceDefinition>> {
  const folders = (await readdir(import.meta.dirname, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const sources = new Map<string, SourceDefinition>();
  for (const { name } of folders.sort((a, b) => a.name.localeCompare(b.name))) {
    const file = `sources/${name}/index.ts`;
    const { source } = (await import(`./${name}/index.ts`)) as { source?: SourceDefinition };
    if (!source) throw new Error(`${file} must export \`source\`, made by defineSource.`);
    checkSource(source, name, file);
    sources.set(name, source);
  }
  return sources;
}

function checkSource(source: SourceDefinition, folder: string, file: string): void {
  if (source.name !== folder)
    throw new Error(`${file}: the source is called "${source.name}" but its folder "${folder}".`);
  const seen = new Set<string>();
  if (source.closeSession && !source.sequential)
    throw new Error(`${file}: a session that is closed needs a source that is sequential.`);
  if (source.sequential && Object.keys(source.limits).length !== 1)
    throw new Error(`${file}: a sequential source has one rate class, because it has one queue an account.`);
  for (const entity of source.entities) {
    if (seen.has(entity.name)) throw new Error(`${file}: two entities are called "${entity.name}".`);
    for (const reference of entity.references) {
      const isLater = reference.entity !== entity.name && !seen.has(reference.entity);
      if (isLater)
        throw new Error(`${file}: "${entity.name}" refers to "${reference.entity}", which must stand before it.`);
    }
    for (const { rateClass } of [entity.listing, entity.one].filter((part) => part !== undefined)) {
      if (!(rateClass in source.limits))
        throw new Error(`${file}: "${entity.name}" uses the rate class "${rateClass}", which limits does not have.`);
    }
    if (entity.partOf !== undefined && !source.entities.some(({ name }) => name === entity.partOf))
      throw new Error(`${file}: "${entity.name}" is part of "${entity.partOf}", which is not there.`);
    if (source.inHouse && !entity.readInHouse)
      throw new Error(`${file}: the records of "${entity.name}" lie in our database, so it needs \`readInHouse\`.`);
    if (entity.listing.idsOnly && !entity.one)
      throw new Error(`${file}: "${entity.name}" lists bare ids, so it needs \`one\` to read them.`);
    if (entity.partOf === undefined && !(entity.name in source.schedule))
      throw new Error(`${file}: schedule has no default for "${entity.name}".`);
    seen.add(entity.name);
  }
}
