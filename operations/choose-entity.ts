import { didYouMean } from '../settings/did-you-mean.ts';
import type { EntityDefinition, SourceDefinition } from '../sources/define-source.ts';
import type { OperationsContext } from './context.ts';
import { UsageError } from './usage-error.ts';

type Known = Pick<OperationsContext, 'settings' | 'sources'>;

/** The source of `--source`; it may be left out where the settings have only one. */
export function chooseSource({ settings, sources }: Known, name: string | undefined): SourceDefinition {
  const names = settings.sources.map((source) => source.name);
  const chosen = name ?? (names.length === 1 ? names[0] : undefined);
  if (chosen === undefined) throw new UsageError(`Say which source: --source ${names.join(' or --source ')}.`);
  const source = names.includes(chosen) ? sources.get(chosen) : undefined;
  if (!source) throw new UsageError(`There is no source "${chosen}" in the settings. ${didYouMean(chosen, names)}`);
  return source;
}

export function chooseEntity(source: SourceDefinition, name: string): EntityDefinition {
  const entity = source.entities.find((known) => known.name === name);
  if (entity) return entity;
  const names = source.entities.map((known) => known.name);
  throw new UsageError(`${source.name} has no entity "${name}". ${didYouMean(name, names)}`);
}

export function checkAccountName({ settings }: Known, source: SourceDefinition, name: string | undefined): void {
  const names = accountNames({ settings }, source.name);
  if (name === undefined || names.includes(name)) return;
  throw new UsageError(`${source.name} has no account "${name}" in the settings. ${didYouMean(name, names)}`);
}

export function accountNames({ settings }: Pick<Known, 'settings'>, source: string): string[] {
  return settings.sources.find((known) => known.name === source)?.accounts.map((account) => account.name) ?? [];
}

/** Every source and entity that the settings have, for hints. */
export function knownEntities({ settings, sources }: Known): { source: string; entity: string }[] {
  return settings.sources.flatMap(({ name }) =>
    (sources.get(name)?.entities ?? []).map((entity) => ({ source: name, entity: entity.name })),
  );
}
