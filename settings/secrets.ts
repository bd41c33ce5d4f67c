import { splitEncryptionKeys } from './encryption-key.ts';
import type { Environment } from './environment.ts';
import { parseRedisAddress } from './redis-address.ts';
import type { Settings } from './settings.ts';

/** Every secret value the process knows, for `rememberSecrets` of the log. */
export function secretsOf(settings?: Settings, environment?: Environment): string[] {
  const accounts = settings?.sources.flatMap((source) => source.accounts) ?? [];
  const smtpUrl = settings?.notify?.email?.smtpUrl;
  const passwords = [environment?.databaseUrl, environment?.redisUrl, smtpUrl].map(
    (text) => URL.parse(text ?? '')?.password ?? '',
  );
  return [
    ...accounts.flatMap((account) => [...Object.values(account.credentials), account.webhookSecret]),
    ...passwords.flatMap((password) => [password, decode(password)]),
    // A list of hosts is no URL.
    parseRedisAddress(environment?.redisUrl ?? '')?.password,
    environment?.consolePassword,
    environment?.consoleViewerPassword,
    environment?.encryptionKey,
    ...splitEncryptionKeys(environment?.encryptionKey ?? ''),
    settings?.notify?.telegram?.botToken,
    ...Object.values(environment?.traces?.headers ?? {}),
  ].filter((value): value is string => Boolean(value));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is a password too
  }
}
