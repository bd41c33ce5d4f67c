import type { Account, SourceDefinition } from '../sources/define-source.ts';
import { readCredentials, readSecret } from './read-credentials.ts';
import { readOptions } from './read-options.ts';
import { readBaseUrl, readCurrency, readTimezone } from './read-values.ts';
import { type Place, type Reading, readMapping, report } from './reading.ts';

const COMMON = ['baseUrl', 'timezone', 'currency', 'webhookSecret'];

/** One account, or undefined when something of it had to be reported. */
export function readAccount(
  reading: Reading,
  name: string,
  place: Place,
  source: SourceDefinition,
  sourceBaseUrl: string,
): Account | undefined {
  const before = reading.problems.length;
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) {
    report(reading, place, 'is no account name', 'Write small letters, digits, _ and -, e.g. tbilisi');
  }
  const only = source.inHouse?.account;
  if (only !== undefined && name !== only) {
    report(reading, place, `is not the account of ${source.title}`, `There is one only; call it ${only}`);
  }
  const known = [...COMMON, ...Object.keys(source.account.shape), ...Object.keys(source.options?.shape ?? {})];
  const keys = readMapping(reading, place, known);
  if (keys.size === 0 && reading.problems.length > before) return undefined;
  const own = keys.get('baseUrl');
  const baseUrl = own ? readBaseUrl(reading, own) : sourceBaseUrl;
  if (baseUrl === '') {
    report(reading, place, 'baseUrl is missing', `Write the address of this ${source.title} server below it`);
  }
  const timezone = readRequired(reading, place, keys, 'timezone', readTimezone);
  const currency = readRequired(reading, place, keys, 'currency', readCurrency);
  const secret = keys.get('webhookSecret');
  const webhookSecret = secret && readWebhookSecret(reading, secret);
  const credentials = readCredentials(reading, place, keys, source);
  const options = readOptions(reading, place, keys, source);
  if (reading.problems.length > before || !(baseUrl && timezone && currency && credentials && options))
    return undefined;
  return { source: source.name, name, baseUrl, timezone, currency, webhookSecret, credentials, options };
}

function readRequired(
  reading: Reading,
  place: Place,
  keys: Map<string, Place>,
  key: 'timezone' | 'currency',
  read: (reading: Reading, place: Place) => string | undefined,
): string | undefined {
  const found = keys.get(key);
  if (found) return read(reading, found);
  return report(
    reading,
    place,
    `${key} is missing`,
    `Write e.g. ${key}: ${key === 'currency' ? 'GEL' : 'Asia/Tbilisi'}`,
  );
}

function readWebhookSecret(reading: Reading, place: Place): string | undefined {
  const secret = readSecret(reading, place);
  if (secret === undefined || /^[\w.~-]{8,}$/.test(secret)) return secret;
  return report(
    reading,
    place,
    'cannot be a part of a URL or is shorter than 8 characters',
    'Write letters, digits, _ and - only, e.g. what `openssl rand -hex 16` prints',
  );
}
