import type { Simulation, SimulationOptions } from '../define-source.ts';
import { daysBefore } from './days-to-read.ts';
import { startIikoSimulator } from './simulator.ts';

const DAYS = 14;

/** Two weeks of three departments in which nothing is missing; `records` is about the number of receipt lines. */
export async function simulate({ records, seed, ...address }: SimulationOptions): Promise<Simulation> {
  const today = new Date().toISOString().slice(0, 10);
  const world = { seed, today, days: DAYS, lines: records, login: 'demo-login', goneProducts: 0, goneStores: 0 };
  const simulator = await startIikoSimulator({ ...address, ...world, latencyMs: [5, 25] });
  const { login, password, departments } = simulator;
  const timezone = departments[0]?.timezone ?? 'UTC';
  const elsewhere = departments.filter((department) => department.timezone !== timezone);
  const departmentTimezones = elsewhere.map((department) => `${department.olapId}=${department.timezone}`).join(', ');
  const historyFrom = daysBefore(today, DAYS - 1);
  return {
    baseUrl: simulator.url,
    limits: { read: '6000/min' },
    accounts: { main: { login, password, timezone, currency: 'KZT', departmentTimezones, historyFrom } },
    close: () => simulator.close(),
  };
}
