import { keepLook, readKnownFields } from '../db/fields/known-fields.ts';
import { mappedFields } from '../db/fields/mapped-fields.ts';
import { observeFields } from '../db/fields/observe-fields.ts';
import { maskField } from '../db/mask-payload.ts';
import type { Account, EntityDefinition, SourceDefinition } from '../sources/define-source.ts';
import type { Runtime } from './runtime.ts';
import { sampleRecords } from './sample-records.ts';

export interface FieldReport {
  path: string;
  types: string[];
  /** Of the objects that could have it: how many do not, or have null. 0…1. */
  null_rate: number;
  /** A value, where it is harmless; else its type and size. */
  example: string;
  /** Columns, or `additional_info`. Inner fields go where their outermost one goes. */
  mapped: string[];
  is_new: boolean;
}

export interface EntityReport {
  source: string;
  account: string;
  entity: string;
  records: number;
  fields: FieldReport[];
  /** Seen in the look before this one, and not now. */
  gone: string[];
  /** No look was taken before. */
  first_look: boolean;
}

/** Reads a sample and tells what is in it, field by field, and what is new or gone since the last look. The look is kept. */
export async function analyzeEntity(
  runtime: Runtime,
  source: SourceDefinition,
  account: Account,
  entity: EntityDefinition,
  sample: number,
): Promise<EntityReport> {
  const { db } = runtime.connection;
  const of = { source: source.name, entity: entity.name };
  const records = await sampleRecords(runtime, source, account, entity, sample);
  const seen = observeFields(records);
  const known = new Map((await readKnownFields(db, of)).map((field) => [field.path, field]));
  const firstLook = ![...known.values()].some((field) => field.looked_at !== null);
  const columns = mappedFields(entity, account, records);
  const fields = [...seen].map(([path, { types, present, nulls, sample: value }]): FieldReport => {
    const before = known.get(path);
    const holders = holdersOf(path, seen, records.length);
    return {
      path,
      types: [...types].sort(),
      null_rate: holders === 0 ? 0 : Math.max(0, (holders - present + nulls) / holders),
      example: exampleOf(path, value),
      mapped: mappedTo(columns, entity, path),
      is_new: before?.looked_at ? before.gone_at !== null : !firstLook || (before?.is_drift ?? false),
    };
  });
  const gone = [...known.values()]
    .filter((field) => field.looked_at !== null && field.gone_at === null && !seen.has(field.path))
    .map((field) => field.path);
  // A sample without records says nothing of the fields.
  if (records.length > 0) await keepLook(db, of, records.length, seen);
  return {
    ...of,
    account: account.name,
    records: records.length,
    fields: fields.sort((a, b) => (a.path < b.path ? -1 : 1)),
    gone: records.length > 0 ? gone : [],
    first_look: firstLook,
  };
}

/** How many objects there were that could have the field. Items of lists are their own holders. */
function holdersOf(path: string, seen: ReturnType<typeof observeFields>, records: number): number {
  const own = seen.get(path);
  if (path.endsWith('[]')) return own?.present ?? 0;
  const parents = [...seen.keys()].filter((each) => path.startsWith(`${each}.`)).sort((a, b) => b.length - a.length);
  const parent = parents[0] === undefined ? undefined : seen.get(parents[0]);
  return parent ? parent.present - parent.nulls : records;
}

function exampleOf(path: string, value: unknown): string {
  const name =
    path
      .split(/[.[\]]+/)
      .filter(Boolean)
      .at(-1) ?? path;
  const { value: shown, type } = maskField(name, value);
  return shown === undefined ? (value === null ? '' : type) : String(shown);
}

function mappedTo(columns: ReadonlyMap<string, string[]>, { keep }: EntityDefinition, path: string): string[] {
  const field = [...columns.keys()].find(
    (each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[`),
  );
  if (field === undefined) return ['additional_info'];
  const own = columns.get(field) ?? [];
  return keep.includes(field) ? [...own, 'additional_info'] : own;
}
