import { clockDisasters } from './clock.ts';
import type { Disaster } from './disaster.ts';
import { networkDisasters } from './network.ts';
import { postgresDisasters } from './postgres.ts';
import { processDisasters } from './processes.ts';
import { redisDisasters } from './redis.ts';
import { stormDisasters } from './storm.ts';
import { vendorDisasters } from './vendors.ts';
import { versionDisasters } from './versions.ts';

export { type Disaster, FAMILIES, type Family } from './disaster.ts';

export const DISASTERS: readonly Disaster[] = [
  ...processDisasters,
  ...redisDisasters,
  ...postgresDisasters,
  ...networkDisasters,
  ...vendorDisasters,
  ...versionDisasters,
  ...clockDisasters,
  ...stormDisasters,
];
