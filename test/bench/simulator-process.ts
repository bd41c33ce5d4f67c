import { startRentprogSimulator } from '../../sources/rentprog/simulator.ts';

/** A simulator in a process of its own, so that its work is not counted as the worker's. Told what to do by the parent. */
process.on('message', (message: { start?: object; requests?: true }) => {
  void answer(message);
});

let simulator: Awaited<ReturnType<typeof startRentprogSimulator>> | undefined;

async function answer({ start, requests }: { start?: object; requests?: true }): Promise<void> {
  if (start) {
    simulator = await startRentprogSimulator(start);
    process.send?.({ url: simulator.url, branches: simulator.branches });
  }
  if (requests && simulator) {
    const { total, rateLimited, byPath, searches } = simulator.requests;
    const distinct = new Set(searches.map((search) => search.query)).size;
    process.send?.({ total, rateLimited, byPath, lookups: distinct });
  }
}
