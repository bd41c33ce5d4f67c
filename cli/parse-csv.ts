import { UsageError } from './usage-error.ts';

export interface CsvRow {
  /** Where it begins in the file, from 1. */
  line: number;
  cells: string[];
}

/** Rows of a CSV text: `,` `;` or tab between cells, quotes with `""` inside, any line ends. Blank lines are left out. */
export function parseCsv(text: string): CsvRow[] {
  const separator = separatorOf(text);
  const rows: CsvRow[] = [];
  let line = 1;
  let row: CsvRow = { line, cells: [] };
  let cell = '';
  let quotedSince = 0;
  const endCell = () => {
    row.cells.push(cell.trim());
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (row.cells.some((each) => each !== '')) rows.push(row);
    row = { line, cells: [] };
  };
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (char === '\n') line += 1;
    if (quotedSince > 0) {
      if (char !== '"') cell += char;
      else if (text[i + 1] === '"') cell += text[++i];
      else quotedSince = 0;
    } else if (char === '"' && cell.trim() === '') {
      cell = '';
      quotedSince = line;
    } else if (char === separator) endCell();
    else if (char === '\n') endRow();
    else if (char !== '\r') cell += char;
  }
  if (quotedSince > 0) throw new UsageError(`line ${quotedSince}: a quote is opened and never closed.`);
  endRow();
  return rows;
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
