import type { FireWorld } from '../fire-world.ts';

/** The short form takes one of each. */
export const FAMILIES = [
  'processes',
  'schedulers',
  'redis',
  'postgres',
  'network',
  'clock',
  'vendors',
  'versions',
  'storm',
] as const;
export type Family = (typeof FAMILIES)[number];

/** Something that happens to an installation at work. */
export interface Disaster {
  /** As the table of what was survived has it. */
  name: string;
  family: Family;
  /** Lasts too long for the short form. */
  isLong?: boolean;
  /** Only with this queue. */
  only?: FireWorld['backend'];
  /** Why it cannot be had on this machine; undefined when it can. */
  leftOut?(): string | undefined;
  /**
   * Strikes, makes sure that it was felt, and ends; what was broken from outside is whole again, and whether the system is too
   * is for others to see. Throws when it did nothing.
   */
  strike(world: FireWorld): Promise<void>;
}
