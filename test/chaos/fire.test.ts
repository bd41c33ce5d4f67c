import { afterAll, describe, expect, test } from 'vitest';
import { expectAllWell } from '../support/fire/aftermath.ts';
import { DISASTERS, type Disaster, FAMILIES, type Family } from '../support/fire/disasters/index.ts';
import { type FireWorld, openFireWorld, WORKERS } from '../support/fire/fire-world.ts';
import { createSurvived } from '../support/fire/survived.ts';
import { someTrouble } from '../support/fire/trouble-vendors.ts';
import { backendNames } from '../support/pmsync-world.ts';
import { createSeeded } from '../support/seeded.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Of the long form: one disaster at a time. The short one has one of each family, and looks whether all is well at its end. */
const minutes = Number(process.env.CHAOS_MINUTES ?? 0);
const isLong = minutes > 0;
const seed = Number(process.env.CHAOS_SEED ?? 20261121);
/** A pattern: only these disasters, all of them. */
const only = process.env.CHAOS_ONLY ? new RegExp(process.env.CHAOS_ONLY) : undefined;
const isTold = isLong || Boolean(process.env.CHAOS_TELL);
const CHANGE_EVERY_MS = isLong ? 150 : 300;
const SIZE = isLong ? 1 : 0.5;
/** Resident memory of a worker after all this, when nothing has made it give anything back. */
const MOST_MEMORY_MB = 400;
/** A worker that has gone through minutes of this may hold so much more than one that has only just read everything. */
const MOST_GROWTH_MB = 150;

const COSTLY: readonly Family[] = ['schedulers', 'clock', 'versions'];

const backends = backendNames();
const survived = createSurvived();
afterAll(() => void process.stdout.write(`\nCHAOS_SEED=${seed}\n${survived.table()}\n\n`));

describe.concurrent.each(backends)('an installation under fire, with the queue on %s', (backend) => {
  test(
    `comes back to the vendors' truth after every disaster (CHAOS_SEED=${seed})`,
    { timeout: 10 * MINUTE + 2 * minutes * MINUTE, ...(isLong && { retry: 0 }) },
    async ({ onTestFinished }) => {
      const openedAt = performance.now();
      const world = await openFireWorld(backend, seed, { size: SIZE });
      onTestFinished(world.close);
      tell(`${backend}: started`, performance.now() - openedAt);
      if (isLong) await endureAlone(world);
      else await endure(world, shortPlan().get(backend) ?? []);
      const after = memory(world);
      expect(Math.max(...after), `MB of the workers: ${after}`).toBeLessThan(MOST_MEMORY_MB);
    },
  );
});

async function endureAlone(world: FireWorld): Promise<void> {
  const random = createSeeded(seed + backends.indexOf(world.backend));
  tell(`${world.backend}: read for the first time in`, await expectAllWell(world));
  const before = memory(world);
  const until = performance.now() + minutes * MINUTE;
  do {
    for (const disaster of random.shuffled(possible(world.backend))) {
      await endure(world, [disaster]);
      if (performance.now() > until) break;
    }
  } while (performance.now() < until);
  const after = memory(world);
  expect(Math.max(...after) - Math.max(...before), `MB before ${before}, after ${after}`).toBeLessThan(MOST_GROWTH_MB);
}

function possible(backend: FireWorld['backend']): Disaster[] {
  return DISASTERS.filter((disaster) => {
    const why = disaster.leftOut?.();
    if (why !== undefined) survived.leftOut(disaster.name, why);
    return why === undefined && (disaster.only ?? backend) === backend && (only?.test(disaster.name) ?? true);
  });
}

/**
 * The short form: one of each family that does not last long, in any order and without waiting for calm in between. Those
 * that start a process strike only one of the queues.
 */
function shortPlan(): Map<string, Disaster[]> {
  const random = createSeeded(seed);
  const plan = new Map(backends.map((backend) => [backend, [] as Disaster[]]));
  for (const family of FAMILIES) {
    const one = random.pick(backends);
    for (const backend of backends) {
      const those = possible(backend).filter((disaster) => disaster.family === family && !disaster.isLong);
      if (those.length > 0 && (backend === one || !COSTLY.includes(family)))
        plan.get(backend)?.push(random.pick(those));
    }
  }
  for (const [backend, disasters] of plan) plan.set(backend, random.shuffled(only ? possible(backend) : disasters));
  return plan;
}

/** While the vendors change and the schedules fire; and then all has to be well again. */
async function endure(world: FireWorld, disasters: readonly Disaster[]): Promise<void> {
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
  const tookMs = await expectAllWell(world);
  tell(`${world.backend}: all well after`, tookMs);
  if (isTold) process.stderr.write(`${world.backend}: MB of the workers: ${memory(world)}\n`);
  for (const { name } of disasters) survived.count(name, world.backend, tookMs);
}

const memory = ({ fleet }: FireWorld): number[] => WORKERS.map((name) => fleet.memory(name));

function tell(what: string, ms: number): void {
  if (isTold) process.stderr.write(`${what} ${Math.round(ms / 100) / 10} s\n`);
}
