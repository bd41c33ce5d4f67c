import type { Settings } from '../../../settings/settings.ts';

/** In which zone days are meant for these accounts: theirs when they have one in common, else UTC. */
export function commonZone({ sources }: Settings, source: string | undefined, account: string | undefined): string {
  const zones = sources
    .filter(({ name }) => !source || name === source)
    .flatMap(({ accounts }) => accounts.filter(({ name }) => !account || name === account))
    .map(({ timezone }) => timezone);
  const [first = 'UTC'] = zones;
  return zones.every((zone) => zone === first) ? first : 'UTC';
}
