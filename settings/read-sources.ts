import type { Account, SourceDefinition } from '../sources/define-source.ts';
import { readAccount } from './read-account.ts';
import { readLimits } from './read-limits.ts';
import { readSchedule } from './read-schedule.ts';
import { readBaseUrl } from './read-values.ts';
import { isEmpty, type Place, type Reading, readMapping, report } from './reading.ts';
import type { SourceSettings } from './settings.ts';

export type SourceDefinitions = ReadonlyMap<string, SourceDefinition>;

export function readSources(reading: Reading, place: Place, definitions: SourceDefinitions): SourceSettings[] {
  const before = reading.problems.length;
  const sources: SourceSettings[] = [];
  const found = isEmpty(reading, place) ? new Map() : readMapping(reading, place, [...definitions.keys()]);
  for (const [name, entry] of found) {
    sources.push(readSource(reading, entry, definitions.get(name)!));
  }
  if (sources.length === 0 && reading.problems.length === before) {
    report(reading, place, 'names no source', `Add one of: ${[...definitions.keys()].join(', ')}`);
  }
  return sources;
}

function readSource(reading: Reading, place: Place, source: SourceDefinition): SourceSettings {
  const keys = readMapping(reading, place, ['accounts', 'baseUrl', 'schedule', 'limits']);
  const own = keys.get('baseUrl');
  const baseUrl = own ? (readBaseUrl(reading, own) ?? source.baseUrl) : source.baseUrl;
  return {
    name: source.name,
    baseUrl,
    limits: readLimits(reading, keys.get('limits'), source),
    schedule: readSchedule(reading, keys.get('schedule'), source),
    accounts: readAccounts(reading, keys.get('accounts') ?? place, keys.has('accounts'), source, baseUrl),
  };
}

function readAccounts(
  reading: Reading,
  place: Place,
  given: boolean,
  source: SourceDefinition,
  baseUrl: string,
): Account[] {
  const before = reading.problems.length;
  const found = !given || isEmpty(reading, place) ? new Map<string, Place>() : readMapping(reading, place);
  const accounts = [...found].map(([name, entry]) => readAccount(reading, name, entry, source, baseUrl));
  if (found.size === 0 && reading.problems.length === before) {
    report(reading, place, 'names no account', 'Add one below accounts:, e.g. main: { timezone: …, currency: … }');
  }
  return accounts.filter((account) => account !== undefined);
}
