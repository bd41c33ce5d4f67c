import { stripVTControlCharacters, styleText } from 'node:util';

export type Cell = string | number | null | undefined;
export type Paint = 'red' | 'green' | 'yellow' | 'dim' | 'bold';

/** Where a command writes: its result to stdout, everything about the way there to stderr. */
export interface Output {
  json: boolean;
  /** Nothing when the output is JSON. */
  line(text?: string): void;
  note(text: string): void;
  data(value: unknown): void;
  table(titles: readonly string[], rows: readonly (readonly Cell[])[]): void;
  /** Coloured only for a terminal and without NO_COLOR. */
  paint(how: Paint, text: string): string;
}

export function createOutput(json: boolean): Output {
  const { stdout, stderr } = process;
  if (stdout.listenerCount('error') === 0) stdout.on('error', ignoreClosedPipe);
  const line = (text = '') => {
    if (!json) stdout.write(`${text}\n`);
  };
  const paint: Output['paint'] = (how, text) => styleText(how, text, { stream: stdout });
  return {
    json,
    line,
    note: (text) => void stderr.write(`${text}\n`),
    data: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    table(titles, rows) {
      const [head = '', ...body] = tableLines(titles, rows);
      line(paint('bold', head));
      for (const text of body) line(text);
    },
    paint,
  };
}

/** `./pmsync status | head` has read enough. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** The lines of a table, titles first; a column that holds only numbers is right-aligned. */
export function tableLines(titles: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const texts = [titles, ...rows].map((row) => titles.map((_, i) => String(row[i] ?? '')));
  const widths = titles.map((_, i) => Math.max(...texts.map((row) => displayWidth(row[i] ?? ''))));
  const numeric = titles.map((_, i) => rows.some((row) => isNumber(row[i])) && rows.every((row) => fits(row[i])));
  return texts.map((row) =>
    row
      .map((text, i) => {
        const gap = ' '.repeat((widths[i] ?? 0) - displayWidth(text));
        return numeric[i] ? gap + text : text + gap;
      })
      .join('  ')
      .trimEnd(),
  );
}

const isNumber = (cell: Cell) =>
  typeof cell === 'number' || /^-?\d+([.,]\d+)?$/.test(stripVTControlCharacters(cell ?? ''));
const fits = (cell: Cell) => cell === null || cell === undefined || cell === '' || cell === '–' || isNumber(cell);

const segmenter = new Intl.Segmenter();
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;
/** East Asian wide and fullwidth characters and emoji stand on two columns. */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})/u;

/** Columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(stripVTControlCharacters(text))) {
    if (!INVISIBLE.test(segment)) width += WIDE.test(segment) ? 2 : 1;
  }
  return width;
}
