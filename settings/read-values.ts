import { readText } from './read-text.ts';
import type { Place, Reading } from './reading.ts';
import { report } from './reading.ts';

const THIS_MACHINE = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

export function readTimezone(reading: Reading, place: Place): string | undefined {
  const text = readText(reading, place);
  if (text === undefined || isTimezone(text.value)) return text?.value;
  return report(reading, place, `${text.shown} is no IANA time zone`, 'Write e.g. Asia/Tbilisi');
}

export function readCurrency(reading: Reading, place: Place): string | undefined {
  const text = readText(reading, place);
  if (text === undefined || (/^[A-Z]{3}$/.test(text.value) && CURRENCIES.has(text.value))) return text?.value;
  return report(reading, place, `${text.shown} is no ISO 4217 currency`, 'Write e.g. GEL');
}

/** Without a slash at the end. The value is never shown: it may hold a password. */
export function readBaseUrl(reading: Reading, place: Place): string | undefined {
  const text = readText(reading, place);
  if (text === undefined) return undefined;
  const url = URL.parse(text.value);
  const example = 'Write e.g. https://example.com/api';
  if (url === null || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(text.value)) {
    return report(reading, place, 'is no http(s) address', example);
  }
  if (url.username !== '' || url.password !== '' || /[?#]/.test(text.value)) {
    return report(reading, place, 'must hold no user name, password, query or fragment', example);
  }
  if (url.protocol === 'http:' && !THIS_MACHINE.test(url.hostname)) {
    const where = `${reading.file}${place.line === undefined ? '' : `:${place.line}`} ${place.name}`;
    reading.warnings.push(`${where}: the credentials are sent there unencrypted. Write https:// if the server has it`);
  }
  return text.value.replace(/\/+$/, '');
}

/** A whole number from 0, or with `percent` any number from 0 to 100 with or without its sign. */
export function readNumber(reading: Reading, place: Place, kind: 'count' | 'percent'): number | undefined {
  const text = readText(reading, place);
  if (text === undefined) return undefined;
  if (kind === 'count' && /^\d{1,9}$/.test(text.value)) return Number(text.value);
  if (kind === 'percent' && /^\d{1,3}(\.\d+)?\s*%?$/.test(text.value)) {
    const percent = Number.parseFloat(text.value);
    if (percent <= 100) return percent;
  }
  return kind === 'count'
    ? report(reading, place, `${text.shown} is no whole number`, 'Write e.g. 2000')
    : report(reading, place, `${text.shown} is no percentage`, 'Write a number from 0 to 100, e.g. 5');
}

function isTimezone(name: string): boolean {
  if (/^[+-]/.test(name)) return false; // an offset knows no summer time
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
