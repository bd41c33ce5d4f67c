import { missingColumns, missingMessage } from './missing-messages.ts';
import { type RuleMessage, ruleMessages } from './rule-messages.ts';

/** A problem of the shape of what was sent, as zod tells it. */
export interface ShapeIssue {
  code?: string | undefined;
  path: readonly PropertyKey[];
  /** Of `unrecognized_keys`. */
  keys?: readonly string[] | undefined;
  /** Of `invalid_union`: the problems of each way it could have been meant. */
  errors?: readonly (readonly ShapeIssue[])[] | undefined;
  message: string;
}

export interface ShapeProblem extends RuleMessage {
  code: 'VALUE_MISSING' | 'VALUE_INVALID';
}

/** What has not got the shape of a record, in the words of the rule of its column. Says nothing of what was sent. */
export function shapeProblems(issues: readonly ShapeIssue[], value: unknown): ShapeProblem[] {
  return issues.flatMap((issue) => problemsOf(issue, value, []));
}

function problemsOf(issue: ShapeIssue, value: unknown, base: readonly PropertyKey[]): ShapeProblem[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors) {
    // Somebody new is meant unless an id is given.
    const meant = isRecord(valueAt(value, path)) && 'id' in (valueAt(value, path) as object) ? 0 : -1;
    const nested = issue.errors.at(meant) ?? [];
    if (nested.some((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'))
      return nested.flatMap((inner) => problemsOf(inner, value, path));
  }
  if (issue.code === 'unrecognized_keys') return (issue.keys ?? []).map((key) => unknown([...path, key]));
  const field = path.join('.');
  const column = String(path.findLast((part) => Number.isNaN(Number(String(part)))) ?? '');
  if (valueAt(value, path) === undefined && missingColumns.includes(column))
    return [{ ...missingMessage(column), field, code: 'VALUE_MISSING' }];
  return [{ ...kindMessage(column), field, code: 'VALUE_INVALID' }];
}

/** What a column takes: the words of its own check, if it has one. */
function kindMessage(column: string): { en: string; ru: string } {
  const [, rule] =
    Object.entries(ruleMessages).find(
      ([name, { field }]) => field === column && /_(check|fkey)$/.test(name) && !name.includes('_reckoned_'),
    ) ?? [];
  return rule ?? { en: 'Not of the right kind.', ru: 'Неверный вид значения.' };
}

function unknown(path: readonly PropertyKey[]): ShapeProblem {
  const field = path.join('.').slice(0, 100);
  return { field, en: 'There is no such field.', ru: 'Такого поля нет.', code: 'VALUE_INVALID' };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) ? at[key as string] : undefined), value);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
