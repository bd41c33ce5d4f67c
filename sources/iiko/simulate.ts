import type { Simulation, SimulationOptions } from '../define-source.ts';
import { startIikoSimulator } from './simulator.ts';

/** A month of three departments; `records` is about the number of receipt lines. */
export async function simulate({ records, seed, ...address }: SimulationOptions): Promise<Simulation> {
  const simulator = await startIikoSimulator({ ...address, seed, lines: records, latencyMs: [10, 60] });
  const { login, password, departments } = simulator;
  return {
    baseUrl: simulator.url,
    limits: { read: '600/min' },
    accounts: { main: { login, password, timezone: departments[0]?.timezone ?? 'UTC', currency: 'KZT' } },
    close: () => simulator.close(),
  };
}
