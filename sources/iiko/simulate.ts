import type { Simulation, SimulationOptions } from '../define-source.ts';
import { startIikoSimulator } from './simulator.ts';

/** A month of three departments; `records` is about the number of receipt lines. */
export async function simulate({ records, seed, ...address }: SimulationOptions): Promise<Simulation> {
  const simulator = await startIikoSimulator({ ...address, seed, lines: records, latencyMs: [10, 60] });
  const { login, password, departments } = simulator;
  const timezone = departments[0]?.timezone ?? 'UTC';
  const elsewhere = departments.filter((department) => department.timezone !== timezone);
  const departmentTimezones = elsewhere.map((department) => `${department.olapId}=${department.timezone}`).join(', ');
  return {
    baseUrl: simulator.url,
    limits: { read: '600/min' },
    accounts: { main: { login, password, timezone, currency: 'KZT', departmentTimezones } },
    close: () => simulator.close(),
  };
}
