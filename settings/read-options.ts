import type { SourceDefinition } from '../sources/define-source.ts';
import { readText } from './read-text.ts';
import { type Place, type Reading, report } from './reading.ts';

/** What the source's `options` schema takes, completed with its defaults; undefined when something had to be reported. */
export function readOptions(
  reading: Reading,
  account: Place,
  keys: Map<string, Place>,
  { title, options }: SourceDefinition,
): Record<string, string> | undefined {
  if (!options) return {};
  const before = reading.problems.length;
  const given: Record<string, string> = {};
  const shown = new Map<string, string>();
  for (const key of Object.keys(options.shape)) {
    const place = keys.get(key);
    const text = place && readText(reading, place);
    if (!text) continue;
    given[key] = text.value;
    shown.set(key, text.shown);
  }
  const parsed = options.safeParse(given);
  if (parsed.success) return reading.problems.length > before ? undefined : parsed.data;
  for (const { path, message } of parsed.error.issues) {
    const key = String(path[0] ?? '');
    const place = keys.get(key);
    if (place && shown.has(key)) report(reading, place, `${shown.get(key)} is not accepted by ${title}`, message);
    else if (!place) report(reading, account, `${key} is missing`, message);
  }
  return undefined;
}
