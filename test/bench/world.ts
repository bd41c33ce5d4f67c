import type { BenchOptions } from './bench-system.ts';

type World = Extract<BenchOptions['vendor'], { source: 'rentprog' }>;

export const PAGE_SIZE = 500;

/** One branch with large pages: what is measured is pmsync, not the vendor's page size. */
export const world = (bookings: number, more: Omit<World, 'source'> = {}): World => ({
  source: 'rentprog',
  branches: ['one'],
  bookings,
  clients: Math.round(bookings / 2),
  cars: 200,
  missingClients: 0,
  goneClients: 0,
  missingCars: 0,
  nestedClients: 'none',
  pageSize: PAGE_SIZE,
  clientsPageSize: PAGE_SIZE,
  limits: null,
  ...more,
});
