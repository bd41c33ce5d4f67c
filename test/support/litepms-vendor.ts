import {
  type LitepmsSimulator,
  type LitepmsSimulatorOptions,
  type RawBooking,
  startLitepmsSimulator,
} from '../../sources/litepms/simulator.ts';

/** Asking the simulator as a client would, without any of our own reading. */
export function openVendors() {
  const open: (() => Promise<unknown>)[] = [];
  return {
    /** Ended with the rest by `endAll`. */
    also: (end: () => Promise<unknown>) => open.push(end),
    async start(options: LitepmsSimulatorOptions = {}): Promise<LitepmsSimulator> {
      const simulator = await startLitepmsSimulator({ bookings: 200, limits: null, ...options });
      open.push(() => simulator.close());
      return simulator;
    },
    async endAll() {
      for (const end of open.splice(0)) await end();
    },
  };
}

export type Body = Record<string, unknown>;

export async function ask(
  simulator: LitepmsSimulator,
  method: string,
  params: Record<string, string> = {},
  hotel = 'main',
) {
  const { login, apiKey } = simulator.hotels.find(({ name }) => name === hotel) ?? { login: 'nobody', apiKey: 'x' };
  const response = await fetch(`${simulator.url}/${method}?${new URLSearchParams({ login, hash: apiKey, ...params })}`);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as Body };
}

/** The payload of a success, out of whatever envelope. */
export async function dataOf<T>(
  simulator: LitepmsSimulator,
  method: string,
  params?: Record<string, string>,
  hotel?: string,
) {
  const { json } = await ask(simulator, method, params, hotel);
  const { data, response, error } = json();
  if (error !== undefined) throw new Error(`${method} was refused: ${JSON.stringify(error)}`);
  return (data ?? response) as T;
}

export const listOf = async (...asked: Parameters<typeof dataOf>) =>
  Object.values(await dataOf<Record<string, RawBooking>>(...asked));
export const changedOn = async (simulator: LitepmsSimulator, start: string, finish: string) =>
  (await listOf(simulator, 'getBookings', { start, finish })).map(({ id }) => id);
