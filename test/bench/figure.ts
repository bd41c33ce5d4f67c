import type { Language } from '../../words/dictionary.ts';

/** One thing that was measured. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What is to be reached; null when nothing is asked. */
  target: Target | null;
  /** How it was measured. */
  note: string;
  /** The chart it stands in, and its word there. */
  chart?: { title: string; label: string };
}

export type Target = { least: number } | { most: number } | { exactly: number };

/** A figure of several runs: `value` is their median. */
export type Measured = Figure & { runs: number[] };

export type QueueBackend = 'redis' | 'postgres';

/** What every scenario is given. */
export interface Machine {
  /** A PostgreSQL where databases may be made and dropped. */
  server: string;
  redisUrl: string;
  /** Bookings of the large scenarios. */
  records: number;
}

/** By the run: figures that stand at the same place belong together. */
export function medians(runs: readonly (readonly Figure[])[]): Measured[] {
  return (runs[0] ?? []).map((figure, i) => {
    const all = runs.map((figures) => figures[i]!);
    const median = percentile(
      all.map(({ value }) => value),
      0.5,
    );
    // The words of the run that is shown: a note may say what happened in it.
    const shown = all.find(({ value }) => value === median) ?? figure;
    return { ...shown, runs: all.map(({ value }) => value) };
  });
}

/** `share` from 0 to 1; the nearest rank, so the answer is one of the numbers. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function show(value: number, language: Language = 'en'): string {
  return value.toLocaleString(language, { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : 1 });
}

export function showTarget(target: Target | null, language: Language = 'en'): string {
  if (!target) return '';
  if ('least' in target) return `≥ ${show(target.least, language)}`;
  return 'most' in target ? `≤ ${show(target.most, language)}` : `= ${show(target.exactly, language)}`;
}

export function isReached({ value, target }: Pick<Figure, 'value' | 'target'>): boolean | undefined {
  if (!target) return undefined;
  if ('least' in target) return value >= target.least;
  return 'most' in target ? value <= target.most : value === target.exactly;
}
