import { storm } from '../storm.ts';
import type { Disaster } from './disaster.ts';

/** Among schedules and other disasters, whose readings make good what was put off; that no event is lost is `storm.test.ts`. */
export const stormDisasters: Disaster[] = [
  {
    name: 'a storm of webhooks, repeats and garbage among them',
    family: 'storm',
    async strike(world) {
      await storm(world, { perSecond: 150, seconds: 2 });
    },
  },
];
