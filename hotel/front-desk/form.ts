import type { Language } from '../../words/dictionary.ts';
import type { StayConflict } from '../hotel-rule.ts';

/** What was typed: each field's texts. */
export type Typed = Readonly<Record<string, readonly string[]>>;

export interface FormProblem {
  /** Name of the field; null when it is none of them. */
  field: string | null;
  messages: Readonly<Record<Language, string>>;
  conflict?: StayConflict | undefined;
}

/** A form as it is shown: at first, or again with what was typed and what is wrong with it. */
export interface Form {
  typed: Typed;
  problems: readonly FormProblem[];
  /** Somebody else has saved meanwhile: the fields as they are now. */
  saved?: Typed | undefined;
}

export function textOf(typed: Typed, name: string): string {
  return typed[name]?.[0] ?? '';
}

export function typedOf(values: Record<string, unknown>): Typed {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      [value].flat().flatMap((one) => (one === null || one === undefined ? [] : [String(one)])),
    ]),
  );
}

/** The first field that something is wrong with: it gets the focus. */
export function firstWrong({ problems }: Form): string | undefined {
  return problems.find(({ field }) => field !== null)?.field ?? undefined;
}

export const idOf = (name: string) => `f-${name.replaceAll('.', '-')}`;
