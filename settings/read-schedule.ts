import { isMap } from 'yaml';
import type { SourceDefinition } from '../sources/define-source.ts';
import { readText } from './read-text.ts';
import { readTimezone } from './read-values.ts';
import { nodeOf, type Place, type Reading, readMapping, report } from './reading.ts';
import { parseSchedule } from './schedule.ts';
import type { Schedule } from './settings.ts';

const FIX = 'Write an interval such as 5m (30s, 1h, 1d), a cron line such as "0 3 * * *", or off';

/** The source's schedule with what the settings change; `off` takes an entry out. */
export function readSchedule(
  reading: Reading,
  place: Place | undefined,
  source: SourceDefinition,
): Record<string, Schedule> {
  const schedule = Object.fromEntries(Object.entries(source.schedule).map(([key, text]) => [key, parseSchedule(text)]));
  const hotSet = source.entities.some((entity) => entity.listing.hotSet) ? ['hotSet'] : [];
  const known = [...source.entities.map((entity) => entity.name), 'full', ...hotSet];
  for (const [key, entry] of place ? readMapping(reading, place, known) : []) {
    const value = isMap(nodeOf(reading, entry)) ? readZoned(reading, entry) : readEntry(reading, entry);
    if (value === 'off') delete schedule[key];
    else if (value !== undefined) schedule[key] = value;
  }
  return schedule;
}

/** `{ cron: "0 3 * * *", timezone: Europe/Moscow }` */
function readZoned(reading: Reading, place: Place): Schedule | undefined {
  const keys = readMapping(reading, place, ['cron', 'timezone']);
  const cron = keys.get('cron');
  const zone = keys.get('timezone');
  if (cron === undefined) return report(reading, place, 'cron is missing', 'Write e.g. cron: "0 3 * * *"');
  const value = readEntry(reading, cron);
  const timezone = zone && readTimezone(reading, zone);
  if (value === undefined) return undefined;
  if (value === 'off' || !('cron' in value)) {
    return report(reading, cron, 'is no cron line', 'Write e.g. "0 3 * * *"; an interval needs no time zone');
  }
  return timezone === undefined ? value : { ...value, timezone };
}

function readEntry(reading: Reading, place: Place): Schedule | 'off' | undefined {
  const text = readText(reading, place);
  if (text === undefined || text.value === 'off') return text && 'off';
  try {
    return parseSchedule(text.value);
  } catch (error) {
    return report(reading, place, `${text.shown} ${(error as RangeError).message}`, FIX);
  }
}
