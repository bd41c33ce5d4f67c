import { waitFor } from '../../wait-for.ts';
import type { FireWorld } from '../fire-world.ts';
import type { Disaster } from './disaster.ts';

const SECOND = 1000;

/** Until nothing at all has passed for a while: everybody has asked and nobody is answered. */
async function untilSilent(world: FireWorld): Promise<void> {
  const passed = () => Object.values(world.networks).reduce((sum, network) => sum + network.passed(), 0);
  let [last, since] = [-1, 0];
  await waitFor(
    () => {
      const now = passed();
      if (now !== last) [last, since] = [now, performance.now()];
      return performance.now() - since > 4 * SECOND;
    },
    { describe: 'nothing passes any more', timeoutMs: 30 * SECOND },
  );
}

export const networkDisasters: Disaster[] = [
  {
    name: 'network to PostgreSQL cut',
    family: 'network',
    async strike({ fleet, networks, untilSaid }) {
      const said = fleet.listen();
      await networks.postgres.cut();
      await untilSaid(said, /ECONNREFUSED|ECONNRESET/);
      await networks.postgres.heal();
    },
  },
  {
    name: 'network to both servers cut',
    family: 'network',
    async strike({ fleet, networks, untilSaid }) {
      const said = fleet.listen();
      await Promise.all(Object.values(networks).map((network) => network.cut()));
      await untilSaid(said, /ECONNREFUSED|ECONNRESET/);
      await Promise.all(Object.values(networks).map((network) => network.heal()));
    },
  },
  {
    name: 'network a black hole: nothing passes, nothing is refused',
    family: 'network',
    async strike(world) {
      for (const network of Object.values(world.networks)) network.freeze();
      await untilSilent(world);
      for (const network of Object.values(world.networks)) await network.heal();
    },
  },
  {
    name: 'network slow: 80 ms each way, 200 kB/s',
    family: 'network',
    async strike({ networks }) {
      const before = networks.postgres.passed();
      for (const network of Object.values(networks)) {
        network.delay(80);
        network.throttle(200_000);
      }
      await waitFor(() => networks.postgres.passed() > before + 50_000, {
        describe: 'something has passed, slowly',
        timeoutMs: 60 * SECOND,
      });
      for (const network of Object.values(networks)) await network.heal();
    },
  },
];
