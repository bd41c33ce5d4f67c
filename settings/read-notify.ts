import type { Account } from '../sources/define-source.ts';
import { parseDurationMs } from './duration.ts';
import { readEmail, readTelegram } from './read-channels.ts';
import { readText } from './read-text.ts';
import { readTimezone } from './read-values.ts';
import { type Place, type Reading, readMapping, report } from './reading.ts';
import { parseSchedule } from './schedule.ts';
import type { NotifySettings } from './settings.ts';

const LANGUAGES = ['en', 'ru'] as const;
const ALERT_AFTER_MS = 2 * 60_000;
const KEYS = ['language', 'timezone', 'digest', 'alerts', 'email', 'telegram'];

/** Who is told what; undefined when nobody is. Times are told in the zone of the first account, or its own. */
export function readNotify(
  reading: Reading,
  place: Place | undefined,
  accounts: readonly Account[],
): NotifySettings | undefined {
  if (place === undefined) return undefined;
  const before = reading.problems.length;
  const keys = readMapping(reading, place, KEYS);
  const [email, telegram] = [keys.get('email'), keys.get('telegram')];
  if (!email && !telegram && reading.problems.length === before)
    report(reading, place, 'names no way to send anything', 'Add email: or telegram: below it');
  const zone = keys.get('timezone');
  const digest = readDigest(reading, keys.get('digest'));
  const alertAfterMs = readAlerts(reading, keys.get('alerts'));
  const channels = {
    email: email && readEmail(reading, email),
    telegram: telegram && readTelegram(reading, telegram),
  };
  return {
    language: readLanguage(reading, keys.get('language')),
    timezone: (zone && readTimezone(reading, zone)) ?? accounts[0]?.timezone ?? 'UTC',
    ...(digest !== undefined && { digest }),
    ...(alertAfterMs !== undefined && { alertAfterMs }),
    ...(channels.email && { email: channels.email }),
    ...(channels.telegram && { telegram: channels.telegram }),
  };
}

function readLanguage(reading: Reading, place: Place | undefined): NotifySettings['language'] {
  const text = place && readText(reading, place);
  if (!place || !text) return 'en';
  const known = LANGUAGES.find((language) => language === text.value);
  return known ?? report(reading, place, `${text.shown} is no language`, `Write ${LANGUAGES.join(' or ')}`) ?? 'en';
}

function readDigest(reading: Reading, place: Place | undefined): string | undefined {
  const text = place && readText(reading, place);
  if (!place || !text || text.value === 'off') return undefined;
  const fix = 'Write a cron line such as "0 9 * * *", or off';
  try {
    const schedule = parseSchedule(text.value);
    return 'cron' in schedule ? schedule.cron : report(reading, place, `${text.shown} is no cron line`, fix);
  } catch (error) {
    return report(reading, place, `${text.shown} ${(error as RangeError).message}`, fix);
  }
}

function readAlerts(reading: Reading, place: Place | undefined): number | undefined {
  const text = place && readText(reading, place);
  if (!place || !text) return ALERT_AFTER_MS;
  if (text.value === 'off') return undefined;
  const ms = parseDurationMs(text.value);
  return (
    ms ?? report(reading, place, `${text.shown} is no time`, 'Write how long an account is red first, e.g. 2m, or off')
  );
}
