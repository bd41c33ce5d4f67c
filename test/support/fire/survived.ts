/** What has been survived so far, counted. */
export interface Survived {
  count(disaster: string, backend: string, wellAgainMs: number): void;
  leftOut(disaster: string, why: string): void;
  /** For the terminal: a line a disaster, and the sum. */
  table(): string;
}

interface Line {
  times: Record<string, number>;
  longestMs: number;
}

export function createSurvived(): Survived {
  const lines = new Map<string, Line>();
  const missing = new Map<string, string>();
  return {
    count(disaster, backend, wellAgainMs) {
      const line = lines.get(disaster) ?? { times: {}, longestMs: 0 };
      line.times[backend] = (line.times[backend] ?? 0) + 1;
      line.longestMs = Math.max(line.longestMs, wellAgainMs);
      lines.set(disaster, line);
    },
    leftOut: (disaster, why) => void missing.set(disaster, why),
    table() {
      const backends = [...new Set([...lines.values()].flatMap(({ times }) => Object.keys(times)))].sort();
      const rows = [...lines].sort(([a], [b]) => (a < b ? -1 : 1));
      const sum = (backend: string) => rows.reduce((total, [, { times }]) => total + (times[backend] ?? 0), 0);
      const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
      return table([
        ['survived', ...backends, 'well again within'],
        ...rows.map(([name, { times, longestMs }]) => [
          name,
          ...backends.map((backend) => `${times[backend] ?? '-'}`),
          seconds(longestMs),
        ]),
        ['in all', ...backends.map((backend) => `${sum(backend)}`), ''],
        ...[...missing].map(([name, why]) => [`left out: ${name} (${why})`]),
      ]);
    },
  };
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.filter((row) => row.length > 1).map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}
