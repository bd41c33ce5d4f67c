import type { RunRow } from './sync-runs.ts';

export interface Progress {
  show(runs: readonly RunRow[]): void;
  end(): void;
}

/** Pages a run of the target took last time, and how long one request may take by the vendor's budget. */
export interface Expectation {
  pages: number | undefined;
  paceMs: number;
}

export interface ProgressOptions {
  stream: NodeJS.WriteStream;
  expect(run: RunRow): Expectation;
  now?: () => number;
}

const SECOND = 1000;
/** Without a terminal a line is only worth it now and then. */
const PLAIN_EVERY_MS = 5 * SECOND;

/** A line per account and entity: redrawn on a terminal, appended now and then elsewhere. */
export function createProgress({ stream, expect, now = Date.now }: ProgressOptions): Progress {
  let drawn = 0;
  let lastPlain = now();
  const lines = (runs: readonly RunRow[]) => runs.map((run) => progressLine(run, expect(run), now()));

  return {
    show(runs) {
      if (stream.isTTY) {
        const text = lines(runs)
          .map((line) => `\u001b[2K${line.slice(0, stream.columns || 120)}\n`)
          .join('');
        stream.write((drawn > 0 ? `\u001b[${drawn}A` : '') + text);
        drawn = runs.length;
      } else if (now() - lastPlain >= PLAIN_EVERY_MS) {
        lastPlain = now();
        const going = runs.filter((run) => run.status === 'running');
        if (going.length > 0) stream.write(`${lines(going).join('\n')}\n`);
      }
    },
    end() {
      drawn = 0;
    },
  };
}

/** `rentprog tbilisi bookings  running  340 records  12 pages  38/s  about 20 s left`. */
export function progressLine(run: RunRow, { pages, paceMs }: Expectation, now: number): string {
  const name = `${run.source} ${run.account} ${run.entity}`.padEnd(32);
  const seconds = Math.max(0.1, ((run.finished_at?.getTime() ?? now) - run.started_at.getTime()) / SECOND);
  const parts = [
    name,
    run.status.padEnd(9),
    `${run.fetched} records`.padStart(14),
    `${run.pages_done}${pages ? `/${pages}` : ''} pages`.padStart(14),
    `${Math.round(run.fetched / seconds)}/s`.padStart(7),
  ];
  if (run.status !== 'running') return parts.join('  ');
  const settled = run.pages_open === 0;
  if (settled && run.parked > 0) parts.push(`${run.parked} wait for missing records`);
  else if (settled) parts.push(`${run.pending} to apply`);
  else if (pages && pages > run.pages_done)
    parts.push(`at least ${Math.ceil(((pages - run.pages_done) * paceMs) / SECOND)} s left`);
  return parts.join('  ');
}
