import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../../wait-for.ts';
import type { FireWorld } from '../fire-world.ts';
import { outOfReach, someTrouble } from '../trouble-vendors.ts';
import type { Disaster } from './disaster.ts';

const SECOND = 1000;
const HOUR_SECONDS = 3600;
/** A line that was logged some seconds ago tells of the other clock too. */
const CLOSE = 0.4;
const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

/** The environment of a process whose clock is that of the machine plus what stands in the file. */
function environmentOf(file: string): Record<string, string> {
  if (!existsSync(FAKETIME))
    return {
      PMSYNC_TEST_CLOCK: file,
      NODE_OPTIONS: `--import ${fileURLToPath(new URL('./shifted-clock.ts', import.meta.url))}`,
    };
  return {
    LD_PRELOAD: FAKETIME,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    // A clock that is set moves the time of day and not the timers.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}

/**
 * A third worker whose clock jumps while it works, and while the vendors do not answer, so that it also puts things off. It
 * leaves in order, with the wrong clock.
 */
async function jump(world: FireWorld, seconds: number): Promise<void> {
  const { fleet, home, vendors, untilSaid } = world;
  const shift = `${seconds < 0 ? '' : '+'}${seconds}s`;
  const name = `worker with a clock ${shift}`;
  const file = join(home.folder, 'clock');
  writeFileSync(file, '+0s\n');
  fleet.add(name, 'worker', environmentOf(file));
  await fleet.start(name);
  const pid = fleet.pid(name);
  const said = fleet.listen();
  const works = (when: (at: Date) => boolean) =>
    said()
      .split('\n')
      .filter((line) => line.includes(`"pid":${pid},`))
      .some((line) => when(new Date(/"time":"([^"]+)"/.exec(line)?.[1] ?? '')));
  outOfReach(vendors);
  writeFileSync(file, `${shift}\n`);
  const jumped = (at: Date) => Math.abs((at.getTime() - Date.now()) / (seconds * SECOND) - 1) < CLOSE;
  await waitFor(() => works(jumped), { describe: 'it works by another clock', timeoutMs: 60 * SECOND });
  await untilSaid(said, /to be retried/);
  someTrouble(vendors);
  await fleet.end(name);
  fleet.remove(name);
}

export const clockDisasters: Disaster[] = [
  {
    name: 'the clock of a worker jumps an hour ahead',
    family: 'clock',
    // Locks in PostgreSQL carry the worker's own time: README, "Limits".
    only: 'redis',
    strike: (world) => jump(world, HOUR_SECONDS),
  },
  {
    name: 'the clock of a worker jumps 15 seconds ahead',
    family: 'clock',
    strike: (world) => jump(world, 15),
  },
  {
    name: 'the clock of a worker jumps an hour back',
    family: 'clock',
    strike: (world) => jump(world, -HOUR_SECONDS),
  },
];
