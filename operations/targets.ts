import type { Settings } from '../settings/settings.ts';
import type { EntityDefinition, SourceDefinition } from '../sources/define-source.ts';

/** An entity of an account. */
export interface SyncTarget {
  source: string;
  account: string;
  entity: string;
}

export interface TargetFilter {
  source?: string | undefined;
  account?: string | undefined;
  entity?: string | undefined;
}

/** A name on the command line that the settings do not have. */
export class UnknownName extends Error {
  readonly code = 'UNKNOWN_NAME';
  constructor(message: string) {
    super(message);
    this.name = 'UnknownName';
  }
}

/**
 * Every account and entity of the settings that the filter leaves, parents first. An entity whose records come with another
 * one stands for that one; with `parts` it is a target of its own. Throws `UnknownName`.
 */
export function chooseTargets(
  settings: Settings,
  sources: ReadonlyMap<string, SourceDefinition>,
  filter: TargetFilter,
  { parts = false }: { parts?: boolean } = {},
): SyncTarget[] {
  known(
    'source',
    filter.source,
    settings.sources.map((source) => source.name),
  );
  const chosen = settings.sources.filter((source) => !filter.source || source.name === filter.source);
  known(
    'account',
    filter.account,
    chosen.flatMap((source) => source.accounts.map((account) => account.name)),
  );
  const wordsOf = (source: string) => {
    const { entities = [], aliases = {} } = sources.get(source) ?? {};
    return [...entities.map((entity) => entity.name), ...Object.keys(aliases)];
  };
  known(
    'entity',
    filter.entity,
    chosen.flatMap((source) => wordsOf(source.name)),
  );
  return chosen.flatMap((source) =>
    (sources.get(source.name)?.entities ?? [])
      .filter((entity) => (parts ? isNamed : isListedFor)(sources.get(source.name), entity, filter.entity))
      .flatMap((entity) =>
        source.accounts
          .filter((account) => !filter.account || account.name === filter.account)
          .map((account) => ({ source: source.name, account: account.name, entity: entity.name })),
      ),
  );
}

/** `receipts` for `receipts`, for `sales`, and for `receipt_items`, which come with them. */
function isListedFor(
  source: SourceDefinition | undefined,
  entity: EntityDefinition,
  word: string | undefined,
): boolean {
  if (entity.partOf !== undefined) return false;
  const name = nameOf(source, word);
  return name === undefined || entity.name === (source?.entities.find((each) => each.name === name)?.partOf ?? name);
}

/** `receipts` and what comes with them for `receipts` and `sales`; `receipt_items` for itself. */
function isNamed(source: SourceDefinition | undefined, entity: EntityDefinition, word: string | undefined): boolean {
  const name = nameOf(source, word);
  return name === undefined || entity.name === name || entity.partOf === name;
}

const nameOf = (source: SourceDefinition | undefined, word: string | undefined): string | undefined =>
  word === undefined ? undefined : (source?.aliases?.[word] ?? word);

function known(what: string, name: string | undefined, names: readonly string[]): void {
  if (name === undefined || names.includes(name)) return;
  const there = [...new Set(names)].join(', ');
  throw new UnknownName(`There is no ${what} "${name}" in the settings; there is ${there || 'none'}.`);
}
