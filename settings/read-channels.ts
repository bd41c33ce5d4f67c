import { isSeq } from 'yaml';
import { readSecret } from './read-credentials.ts';
import { readText } from './read-text.ts';
import { readBaseUrl } from './read-values.ts';
import { nodeOf, type Place, type Reading, readMapping, report } from './reading.ts';
import type { NotifySettings } from './settings.ts';

const TELEGRAM_URL = 'https://api.telegram.org';

/** `{ smtp: "${SMTP_URL}", from: …, to: … }` */
export function readEmail(reading: Reading, place: Place): NotifySettings['email'] {
  const keys = readMapping(reading, place, ['smtp', 'from', 'to']);
  const smtpUrl = readRequired(reading, place, keys, 'smtp', `"\${SMTP_URL}"`, readSmtpUrl);
  const from = readRequired(reading, place, keys, 'from', 'pmsync@example.com', readAddress);
  const to = readRequired(reading, place, keys, 'to', 'ops@example.com', readAddresses);
  return smtpUrl && from && to ? { smtpUrl, from, to } : undefined;
}

/** `{ botToken: "${TELEGRAM_BOT_TOKEN}", chatId: "-100…" }` */
export function readTelegram(reading: Reading, place: Place): NotifySettings['telegram'] {
  const keys = readMapping(reading, place, ['botToken', 'chatId', 'baseUrl']);
  const botToken = readRequired(reading, place, keys, 'botToken', `"\${TELEGRAM_BOT_TOKEN}"`, readBotToken);
  const chatId = readRequired(reading, place, keys, 'chatId', '"-1001234567890"', readChatId);
  const own = keys.get('baseUrl');
  const baseUrl = own ? readBaseUrl(reading, own) : TELEGRAM_URL;
  return botToken && chatId && baseUrl ? { botToken, chatId, baseUrl } : undefined;
}

function readRequired<T>(
  reading: Reading,
  place: Place,
  keys: Map<string, Place>,
  key: string,
  example: string,
  read: (reading: Reading, place: Place) => T | undefined,
): T | undefined {
  const found = keys.get(key);
  if (found) return read(reading, found);
  return report(reading, place, `${key} is missing`, `Write e.g. ${key}: ${example}`);
}

/** Never shown: it holds a password. */
function readSmtpUrl(reading: Reading, place: Place): string | undefined {
  const text = readText(reading, place)?.value;
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url?.password) readSecret(reading, place);
  if (url && /^smtps?:$/.test(url.protocol) && url.hostname !== '' && url.search === '' && url.hash === '') return text;
  return report(
    reading,
    place,
    'is no address of a mail server',
    'Write e.g. smtps://user:password@mail.example.com:465, with @ and : of the password as %40 and %3A',
  );
}

/** `ops@example.com`, or `Name <ops@example.com>`. */
function readAddress(reading: Reading, place: Place): string | undefined {
  const text = readText(reading, place);
  if (text === undefined || /^(?:[^<>,;"]*<)?[^\s<>,;@"]+@[^\s<>,;@"]+>?$/.test(text.value)) return text?.value;
  return report(reading, place, `${text.shown} is no e-mail address`, 'Write e.g. ops@example.com');
}

/** One, or a list. */
function readAddresses(reading: Reading, place: Place): string[] | undefined {
  const node = nodeOf(reading, place);
  const places = isSeq(node)
    ? node.items.map((item, i) => ({ ...place, name: `${place.name}.${i}`, node: item }))
    : [place];
  const addresses = places.map((each) => readAddress(reading, each)).filter((each) => each !== undefined);
  if (places.length === 0) return report(reading, place, 'names nobody', 'Write e.g. to: ops@example.com');
  return addresses.length === places.length ? addresses : undefined;
}

function readBotToken(reading: Reading, place: Place): string | undefined {
  const token = readSecret(reading, place);
  if (token === undefined || /^\d+:[\w-]{20,}$/.test(token)) return token;
  return report(reading, place, 'is no token of a bot', 'Write what @BotFather gave you, in the form 123456:ABC…');
}

function readChatId(reading: Reading, place: Place): string | undefined {
  const text = readText(reading, place);
  if (text === undefined || /^(-?\d+|@\w{4,})$/.test(text.value)) return text?.value;
  return report(
    reading,
    place,
    `${text.shown} is no chat`,
    'Write its number, e.g. "-1001234567890", or @name of a channel',
  );
}
