import type { SourceDefinition } from '../sources/define-source.ts';
import { readText } from './read-text.ts';
import { type Place, type Reading, report } from './reading.ts';

/** What the source's `account` schema takes. Values are secrets: no message shows one. */
export function readCredentials(
  reading: Reading,
  account: Place,
  keys: Map<string, Place>,
  source: SourceDefinition,
): Record<string, string> | undefined {
  const before = reading.problems.length;
  const given = new Map<string, string>();
  for (const key of Object.keys(source.account.shape)) {
    const place = keys.get(key);
    const secret = place && readSecret(reading, place);
    if (secret !== undefined) given.set(key, secret);
  }
  const parsed = source.account.safeParse(Object.fromEntries(given));
  if (parsed.success) {
    const entries = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
    return reading.problems.length > before ? undefined : Object.fromEntries(entries);
  }
  for (const issue of parsed.error.issues) {
    const key = String(issue.path[0] ?? '');
    const place = keys.get(key);
    if (place === undefined) {
      report(
        reading,
        account,
        key === '' ? 'is not accepted' : `${key} is missing`,
        `Write e.g. ${key}: "\${${envName(`${account.name}.${key}`)}}"`,
      );
    } else if (given.has(key)) {
      report(reading, place, `is not accepted by ${source.title}`, issue.message);
    }
  }
  return undefined;
}

/** A value that is warned about when it stands in the file itself. */
export function readSecret(reading: Reading, place: Place): string | undefined {
  const text = readText(reading, place);
  if (text && !text.fromEnv) {
    reading.holdsSecret = true;
    const where = `${reading.file}${place.line === undefined ? '' : `:${place.line}`} ${place.name}`;
    const name = envName(place.name);
    reading.warnings.push(
      `${where}: a secret is written in the file. Put it into .env as ${name} and write "\${${name}}"`,
    );
  }
  return text?.value;
}

/** `sources.rentprog.accounts.tbilisi.companyToken` → `RENTPROG_TBILISI_COMPANY_TOKEN` */
function envName(place: string): string {
  const words = place.split('.').filter((word) => word !== 'sources' && word !== 'accounts');
  return words
    .map((word) => word.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/\W/g, '_'))
    .join('_')
    .toUpperCase();
}
