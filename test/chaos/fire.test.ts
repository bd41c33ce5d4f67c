import { afterAll, describe, expect, test } from 'vitest';
import { expectAllWell } from '../support/fire/aftermath.ts';
import { DISASTERS, type Disaster } from '../support/fire/disasters/index.ts';
import { type FireWorld, openFireWorld, WORKERS } from '../support/fire/fire-world.ts';
import { createSurvived } from '../support/fire/survived.ts';
import { someTrouble } from '../support/fire/trouble-vendors.ts';
import { backendNames } from '../support/pmsync-world.ts';
import { createSeeded } from '../support/seeded.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const minutes = Number(process.env.CHAOS_MINUTES ?? 0);
const seed = Number(process.env.CHAOS_SEED ?? 20261121);
/** A pattern: only these disasters. */
const only = new RegExp(process.env.CHAOS_ONLY ?? '');
const CHANGE_EVERY_MS = 150;
/** A worker that has gone through all this may hold so much more than one that has only just read everything. */
const MEMORY_BOUND_MB = 150;

const survived = createSurvived();
afterAll(() => void process.stdout.write(`\nCHAOS_SEED=${seed}\n${survived.table()}\n\n`));

describe.concurrent.each(backendNames())('an installation under fire, with the queue on %s', (backend) => {
  test(
    `comes back to the vendors' truth after every disaster (CHAOS_SEED=${seed})`,
    { timeout: 10 * MINUTE + 2 * minutes * MINUTE, retry: 0 },
    async ({ onTestFinished }) => {
      const world = await openFireWorld(backend, seed);
      onTestFinished(world.close);
      tell(`${backend}: read for the first time in`, await expectAllWell(world));
      const before = WORKERS.map((name) => world.fleet.memory(name));

      const until = performance.now() + minutes * MINUTE;
      do {
        for (const round of roundsOf(backend)) {
          await strikeAll(world, round);
          const tookMs = await expectAllWell(world);
          tell(`${backend}: all well after`, tookMs);
          for (const { name } of round) survived.count(name, backend, tookMs);
          if (minutes > 0 && performance.now() > until) break;
        }
      } while (performance.now() < until);

      const after = WORKERS.map((name) => world.fleet.memory(name));
      expect(Math.max(...after) - Math.max(...before), `MB before ${before}, after ${after}`).toBeLessThan(
        MEMORY_BOUND_MB,
      );
    },
  );
});

const random = createSeeded(seed);

/** In the long form one disaster at a time, then all again in another order; in the short one each once, on one of the queues. */
function roundsOf(backend: FireWorld['backend']): Disaster[][] {
  const possible = DISASTERS.filter((disaster) => {
    const why = disaster.leftOut?.();
    if (why !== undefined) survived.leftOut(disaster.name, why);
    return why === undefined && (disaster.only ?? backend) === backend && only.test(disaster.name);
  });
  if (minutes > 0) return random.shuffled(possible).map((disaster) => [disaster]);
  return [random.shuffled(possible)];
}

/** While the vendors change and the schedules fire. */
async function strikeAll(world: FireWorld, disasters: readonly Disaster[]): Promise<void> {
  someTrouble(world.vendors);
  const changing = setInterval(() => world.vendors.change(world.random), CHANGE_EVERY_MS);
  try {
    for (const disaster of disasters) {
      const startedAt = performance.now();
      await disaster.strike(world).catch((cause: unknown) => {
        throw new Error(`${disaster.name}: ${(cause as Error).message}; ${world.fleet.fallen()}`, { cause });
      });
      tell(`${world.backend}: ${disaster.name}`, performance.now() - startedAt);
    }
  } finally {
    clearInterval(changing);
  }
}

function tell(what: string, ms: number): void {
  if (process.env.CHAOS_TELL || minutes > 0) process.stderr.write(`${what} ${Math.round(ms / 100) / 10} s\n`);
}
