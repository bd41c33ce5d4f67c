import type { Disaster } from './disaster.ts';
import { networkDisasters } from './network.ts';
import { postgresDisasters } from './postgres.ts';
import { processDisasters } from './processes.ts';
import { redisDisasters } from './redis.ts';
import { vendorDisasters } from './vendors.ts';

export type { Disaster } from './disaster.ts';

export const DISASTERS: readonly Disaster[] = [
  ...processDisasters,
  ...redisDisasters,
  ...postgresDisasters,
  ...networkDisasters,
  ...vendorDisasters,
];
