export const REDACTED = '[redacted]';

/** Names that carry a secret in a query string, a header or a field. */
const NAMES = 'company_token|token|hash|login|key|pass|password|passwd|secret|authorization';
const PARAMETER = new RegExp(`(?:(?<=%[0-9a-f]{2})|(?<![a-z0-9]))(${NAMES})(=|%3d)(?:(?!%26)[^&\\s"'<>\\\\])+`, 'gi');
const JSON_FIELD = new RegExp(
  `(["'](?:[\\w-]{0,40}[_-])?(?:${NAMES}|companytoken|apikey)\\\\*["']\\s*:\\s*\\\\*["'])[^"'\\\\]+`,
  'gi',
);
const HEADER = /\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)\b(\\*["']?\s*[:=]\s*\\*["']?)[^"'\\\r\n]+/gi;
const SCHEME = /\b(Bearer|Basic)\s+[\w.~+/=-]{16,}/gi;
const JWT = /(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g;
const URL_CREDENTIALS = /:\/\/[^\s/?#"'<>]*@/g;
/** A field by such a name, without `-` and `_`, is a secret whatever its value looks like. */
const FIELD = /^(hash|login|key|pass|passwd|(set)?cookie|credentials)$|(token|secret|password|apikey|authorization)$/i;

/** Below this a value is an ordinary syllable, and replacing it would eat the log. Values up to `SHORT` go as whole words only. */
const TOO_SHORT = 4;
const SHORT = 8;
const known = new Set<string>();
let knownPattern: RegExp | undefined;

/** From now on these values are replaced in every text that goes through `redactText`, so in every log line of the process. */
export function rememberSecrets(values: Iterable<string>): void {
  for (const value of values) {
    if (value.trim().length < TOO_SHORT) continue;
    for (const form of formsOf(value)) known.add(form);
  }
  const longestFirst = [...known].sort((a, b) => b.length - a.length);
  knownPattern = longestFirst.length > 0 ? new RegExp(longestFirst.map(patternOf).join('|'), 'gu') : undefined;
}

/** For a process that is one installation after the other, as one that runs tests. */
export function forgetSecrets(): void {
  known.clear();
  knownPattern = undefined;
}

/** The text without known secrets, secret parameters and headers, tokens and URL credentials. */
export function redactText(text: string): string {
  const unknown = knownPattern ? text.replace(knownPattern, REDACTED) : text;
  return unknown
    .replace(URL_CREDENTIALS, `://${REDACTED}@`)
    .replace(HEADER, `$1$2${REDACTED}`)
    .replace(JSON_FIELD, `$1${REDACTED}`)
    .replace(PARAMETER, `$1$2${REDACTED}`)
    .replace(SCHEME, `$1 ${REDACTED}`)
    .replace(JWT, REDACTED);
}

const SUSPECT = new RegExp(`${NAMES}|cookie|credential|bearer|basic|eyJ|://`, 'i');

/** False when `redactText` and `isSecretField` would find nothing in it for sure, which one look tells of most lines. */
export function isSuspect(text: string): boolean {
  return SUSPECT.test(text) || (knownPattern !== undefined && text.search(knownPattern) >= 0);
}

export function isSecretField(name: string): boolean {
  return FIELD.test(name.replace(/[-_]/g, ''));
}

/** As it is, in a URL, in a form, and inside JSON. */
function formsOf(value: string): string[] {
  const form = new URLSearchParams({ '': value }).toString().slice(1);
  return [
    value,
    encodeURI(value.toWellFormed()),
    encodeURIComponent(value.toWellFormed()),
    form,
    JSON.stringify(value).slice(1, -1),
  ];
}

function patternOf(value: string): string {
  const literal = value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return value.length < SHORT ? `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])` : literal;
}
