import { noteFields } from '../db/fields/known-fields.ts';
import { observeFields, type SeenFields } from '../db/fields/observe-fields.ts';
import type { EntityDefinition } from '../sources/define-source.ts';
import type { JobContext } from './define-job.ts';

/** Of each page so many records are looked into whatever they look like; the others when their set of fields is a new one. */
const LOOKED_INTO = 3;
/** Sets of fields that a process remembers of an entity. */
const MOST_SHAPES = 2000;

interface Watched {
  shapes: Set<string>;
  /** Names of the fields of the record before: most have the same. */
  last: readonly string[];
  /** `path type`, as far as they have been written down. */
  known: Set<string>;
}

const watched = new WeakMap<object, Map<string, Watched>>();

/** Notes what a vendor sends for the first time. Costs a look at the names of the fields, and a write only for something new. */
export async function watchFields(
  context: JobContext,
  source: string,
  entity: EntityDefinition,
  records: readonly unknown[],
): Promise<void> {
  const state = watchedOf(context.db, `${source} ${entity.name}`);
  const looked = records.filter((record, at) => {
    const fields = record !== null && typeof record === 'object' ? Object.keys(record) : [];
    if (at >= LOOKED_INTO && isLike(fields, state.last)) return false;
    state.last = fields;
    const shape = fields.join('\n');
    if (state.shapes.has(shape)) return at < LOOKED_INTO;
    if (state.shapes.size < MOST_SHAPES) state.shapes.add(shape);
    return true;
  });
  const seen = observeFields(looked);
  const fresh: SeenFields = new Map([...seen].filter(([path, field]) => isNew(state, path, field.types)));
  if (fresh.size === 0) return;
  await noteFields(context.db, { source, entity: entity.name }, entity.partOf ?? entity.name, fresh);
  for (const [path, { types }] of fresh) for (const type of types) state.known.add(`${path} ${type}`);
}

function isLike(fields: readonly string[], others: readonly string[]): boolean {
  return fields.length === others.length && fields.every((field, i) => field === others[i]);
}

function isNew({ known }: Watched, path: string, types: ReadonlySet<string>): boolean {
  return [...types].some((type) => !known.has(`${path} ${type}`));
}

function watchedOf(db: object, name: string): Watched {
  const all = watched.get(db) ?? new Map<string, Watched>();
  watched.set(db, all);
  const state = all.get(name) ?? { shapes: new Set(), last: [], known: new Set() };
  all.set(name, state);
  return state;
}
