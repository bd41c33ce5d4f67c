import fc from 'fast-check';
import { CANARY, deep, oddText, oddValue } from './nasty.ts';
import type { Fields } from './seed-records.ts';

/** Names a field by its place, so that one arbitrary fits every record. */
type Change =
  | { what: 'set'; at: number; value: unknown }
  | { what: 'remove'; at: number }
  | { what: 'add'; name: string; value: unknown }
  | { what: 'grow'; at: number; times: number }
  | { what: 'deepen'; at: number; levels: number }
  | { what: 'instead'; value: unknown };

const at = fc.nat({ max: 1000 });
/** Beyond what this process, and what PostgreSQL, can take as nested. */
const LEVELS = fc.constantFrom(30, 3000, 30_000);

/** What may happen to a record on its way here; shrinks to the single change that matters. */
export const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: fc.record({ what: fc.constant('set' as const), at, value: oddValue }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constant('remove' as const), at }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constant('add' as const), name: oddText, value: oddValue }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('grow' as const), at, times: fc.constantFrom(1e4, 3e5) }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('deepen' as const), at, levels: LEVELS }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('instead' as const), value: oddValue }) },
  ),
  { maxLength: 4 },
);

/** As the vendor would have sent it: a copy, with the changes made. */
export function changed(record: Fields, made: readonly Change[]): unknown {
  let fields: Fields = { ...record };
  for (const change of made) {
    const names = Object.keys(fields);
    const name = 'at' in change ? names[change.at % Math.max(1, names.length)] : undefined;
    if (change.what === 'instead') return change.value;
    if (change.what === 'add') fields = { ...fields, [change.name]: change.value };
    else if (name === undefined) continue;
    else if (change.what === 'set') fields = { ...fields, [name]: change.value };
    else if (change.what === 'grow') fields = { ...fields, [name]: CANARY.repeat(change.times / CANARY.length) };
    else if (change.what === 'deepen') fields = { ...fields, [name]: deep(change.levels) };
    else fields = Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
  }
  return fields;
}
