import type { RateLimit, SourceDefinition } from '../sources/define-source.ts';
import { parseRate } from './rate.ts';
import { readText } from './read-text.ts';
import { type Place, type Reading, readMapping, report } from './reading.ts';

/** The source's budgets with what the settings change, by rate class. */
export function readLimits(
  reading: Reading,
  place: Place | undefined,
  source: SourceDefinition,
): Record<string, RateLimit> {
  const limits = Object.fromEntries(Object.entries(source.limits).map(([key, text]) => [key, ownRate(source, text)]));
  for (const [key, entry] of place ? readMapping(reading, place, Object.keys(limits)) : []) {
    const text = readText(reading, entry);
    const rate = text && parseRate(text.value);
    if (rate) limits[key] = rate;
    else if (text) report(reading, entry, `${text.shown} is no rate`, 'Write e.g. 120/min, 10/s or 600/h');
  }
  return limits;
}

function ownRate(source: SourceDefinition, text: string): RateLimit {
  const rate = parseRate(text);
  if (rate === undefined) throw new TypeError(`sources/${source.name}/index.ts: limit "${text}" is no rate`);
  return rate;
}
