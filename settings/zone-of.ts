import type { Settings } from './settings.ts';

/** The time zone of an account; UTC for one that the settings do not have (any more). */
export function zoneOf({ sources }: Pick<Settings, 'sources'>, source: string, account: string): string {
  const accounts = sources.find(({ name }) => name === source)?.accounts ?? [];
  return accounts.find(({ name }) => name === account)?.timezone ?? 'UTC';
}
