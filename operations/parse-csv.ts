import { CsvError, parse } from 'csv-parse/sync';
import type { IdsFileWords } from './ids-file-words.ts';
import { UsageError } from './usage-error.ts';

export interface CsvRow {
  /** Where it begins in the file, from 1. */
  line: number;
  cells: string[];
}

/** Rows of a CSV text: `,` `;` or tab between cells, quotes with `""` inside, any line ends. Blank lines are left out. */
export function parseCsv(text: string, say: Pick<IdsFileWords, 'openQuote' | 'notCsv'>): CsvRow[] {
  try {
    const rows = parse(text, {
      bom: true,
      delimiter: separatorOf(text),
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    }) as unknown as { info: { lines: number }; record: string[] }[];
    return rows.map(({ info, record }) => ({ line: info.lines - lineEnds(record.join('')), cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') throw new UsageError(say.openQuote(lineOfOpenQuote(text)));
    throw new UsageError(say.notCsv(Number(error.lines), error.code));
  }
}

/** The library counts to where a row ends. */
function lineEnds(text: string): number {
  return text.split('\n').length - 1;
}

function lineOfOpenQuote(text: string): number {
  const lines = text.split('\n');
  let openedAt = 0;
  for (const [i, line] of lines.entries()) {
    const isOdd = line.split('"').length % 2 === 0;
    if (isOdd) openedAt = openedAt === 0 ? i + 1 : 0;
  }
  return openedAt;
}

/** The first of the three that the first line with one has; in doubt a comma. */
function separatorOf(text: string): string {
  for (const line of text.split('\n')) {
    const outside = line.replace(/"[^"]*"/g, '');
    const found = [';', '\t', ','].find((separator) => outside.includes(separator));
    if (found) return found;
  }
  return ',';
}
