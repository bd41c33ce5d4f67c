import type { Measured } from '../figure.ts';

/** A chart for each title that figures name, as Mermaid, which GitHub draws. Charts of one bar say nothing. */
export function charts(figures: readonly Measured[]): string[] {
  const byTitle = Map.groupBy(
    figures.filter(({ chart }) => chart),
    ({ chart }) => chart!.title,
  );
  return [...byTitle]
    .filter(([, of]) => of.length > 1)
    .map(([title, of]) =>
      [
        '```mermaid',
        'xychart-beta horizontal',
        `  title ${quoted(title)}`,
        `  x-axis [${of.map(({ chart }) => quoted(chart!.label)).join(', ')}]`,
        // From nought, or small differences would look large.
        `  y-axis "${of[0]!.unit}" 0 --> ${ceiling(Math.max(...of.map(({ value }) => value)))}`,
        `  bar [${of.map(({ value }) => Math.round(value * 10) / 10).join(', ')}]`,
        '```',
      ].join('\n'),
    );
}

const quoted = (text: string) => `"${text.replaceAll('"', "'")}"`;

/** The next number with one or two digits and noughts. */
function ceiling(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value || 1)) - 1);
  return Math.ceil(value / step) * step;
}
