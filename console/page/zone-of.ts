import type { Settings } from '../../settings/settings.ts';

/** The time zone of an account; UTC for one that the settings do not have any more. */
export function zoneOf({ settings }: { settings: Settings }, source: string, account: string): string {
  const known = settings.sources.find(({ name }) => name === source)?.accounts;
  return known?.find(({ name }) => name === account)?.timezone ?? 'UTC';
}
