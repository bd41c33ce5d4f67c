import { commonWords, wordFor } from '../words/common.ts';
import { dictionary, type Language } from '../words/dictionary.ts';
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
  language: Language;
  expect(run: RunRow): Expectation;
  now?: () => number;
}

const progressWords = dictionary({
  en: {
    records: (n: number) => `${n} records`,
    pages: (n: string) => `${n} pages`,
    rate: (n: number) => `${n}/s`,
    waiting: (n: number) => `${n} wait for missing records`,
    toApply: (n: number) => `${n} to apply`,
    left: (seconds: number) => `at least ${seconds} s left`,
  },
  ru: {
    records: (n: number) => `записей: ${n}`,
    pages: (n: string) => `страниц: ${n}`,
    rate: (n: number) => `${n}/с`,
    waiting: (n: number) => `ждут недостающих записей: ${n}`,
    toApply: (n: number) => `осталось записать: ${n}`,
    left: (seconds: number) => `не меньше ${seconds} с`,
  },
});

const SECOND = 1000;
/** Without a terminal a line is only worth it now and then. */
const PLAIN_EVERY_MS = 5 * SECOND;

/** A line per account and entity: redrawn on a terminal, appended now and then elsewhere. */
export function createProgress({ stream, language, expect, now = Date.now }: ProgressOptions): Progress {
  let drawn = 0;
  let lastPlain = now();
  const lines = (runs: readonly RunRow[]) => runs.map((run) => progressLine(run, expect(run), language, now()));

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
export function progressLine(run: RunRow, { pages, paceMs }: Expectation, language: Language, now: number): string {
  const words = progressWords(language);
  const name = `${run.source} ${run.account} ${run.entity}`.padEnd(32);
  const seconds = Math.max(0.1, ((run.finished_at?.getTime() ?? now) - run.started_at.getTime()) / SECOND);
  const parts = [
    name,
    wordFor(run.status, commonWords(language)).padEnd(11),
    words.records(run.fetched).padStart(14),
    words.pages(`${run.pages_done}${pages ? `/${pages}` : ''}`).padStart(14),
    words.rate(Math.round(run.fetched / seconds)).padStart(7),
  ];
  if (run.status !== 'running') return parts.join('  ');
  const settled = run.pages_open === 0;
  if (settled && run.parked > 0) parts.push(words.waiting(run.parked));
  else if (settled) parts.push(words.toApply(run.pending));
  else if (pages && pages > run.pages_done)
    parts.push(words.left(Math.ceil(((pages - run.pages_done) * paceMs) / SECOND)));
  return parts.join('  ');
}
