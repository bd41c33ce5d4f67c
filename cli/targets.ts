import type { Settings } from '../settings/settings.ts';
import type { SourceDefinition } from '../sources/define-source.ts';
import type { SyncTarget } from './sync-runs.ts';

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

/** Every account and entity of the settings that the filter leaves, parents first. Throws `UnknownName`. */
export function chooseTargets(
  settings: Settings,
  sources: ReadonlyMap<string, SourceDefinition>,
  filter: TargetFilter,
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
      .filter(({ partOf }) => partOf === undefined)
      .filter(({ name }) => !filter.entity || name === listedAs(sources.get(source.name), filter.entity))
      .flatMap((entity) =>
        source.accounts
          .filter((account) => !filter.account || account.name === filter.account)
          .map((account) => ({ source: source.name, account: account.name, entity: entity.name })),
      ),
  );
}

/** The entity in whose runs another one is read: `receipts` for `receipt_items` and for `sales`. */
function listedAs(source: SourceDefinition | undefined, word: string): string {
  const name = source?.aliases?.[word] ?? word;
  return source?.entities.find((entity) => entity.name === name)?.partOf ?? name;
}

function known(what: string, name: string | undefined, names: readonly string[]): void {
  if (name === undefined || names.includes(name)) return;
  const there = [...new Set(names)].join(', ');
  throw new UnknownName(`There is no ${what} "${name}" in the settings; there is ${there || 'none'}.`);
}
