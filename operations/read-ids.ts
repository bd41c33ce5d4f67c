import { readFileSync } from 'node:fs';
import type { Language } from '../words/dictionary.ts';
import { type IdsFileWords, idsFileWords } from './ids-file-words.ts';
import { type CsvRow, parseCsv } from './parse-csv.ts';
import { UsageError } from './usage-error.ts';

const ID = /^[\p{L}\p{N}_][\p{L}\p{N}_.:@+/-]{0,199}$/u;
const MOST_PROBLEMS = 10;
const LONGEST_QUOTED = 40;

/** External ids as they were typed: between blanks and commas, each once. Throws `UsageError` for what is no id. */
export function parseIds(typed: readonly string[]): string[] {
  const { ids, wrong } = sortIds(typed);
  if (wrong.length > 0) {
    const more = wrong.length > MOST_PROBLEMS ? ` … and ${wrong.length - MOST_PROBLEMS} more` : '';
    throw new UsageError(`${wrong.slice(0, MOST_PROBLEMS).map(quoted).join(', ')}${more}: not an external id.`);
  }
  return ids;
}

/** The same, with what is no id beside the ids. */
export function sortIds(typed: readonly string[]): { ids: string[]; wrong: string[] } {
  const words = [...new Set(typed.flatMap((text) => text.split(/[\s,;]+/)).filter((id) => id !== ''))];
  return { ids: words.filter(isId), wrong: words.filter((word) => !isId(word)) };
}

/** Ids from a CSV file. Every problem is named with its line. */
export function readIdsFile(path: string, entity: string, language: Language = 'en'): string[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(idsFileWords(language).unreadable(path, String((error as NodeJS.ErrnoException).code)));
  }
  try {
    return parseIdsFile(bytes, entity, language);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.message.replaceAll(/^/gm, `${path}: `));
  }
}

/** The same of a file that has been read already. */
export function parseIdsFile(bytes: Buffer, entity: string, language: Language = 'en'): string[] {
  return parseIdsCsv(textOf(bytes), entity, language);
}

/** The column `external_id`, `id` or `<entity in singular>_id`, else the first. */
export function parseIdsCsv(text: string, entity: string, language: Language = 'en'): string[] {
  const say = idsFileWords(language);
  const rows = parseCsv(text.replace(/^\ufeff/, ''), say);
  const [first, ...rest] = rows;
  if (!first) throw new UsageError(say.empty);
  const names = ['external_id', 'externalid', 'id', `${entity.replace(/s$/, '')}_id`, `${entity}_id`];
  const header = first.cells.map((cell) => cell.toLowerCase().replaceAll(/[\s-]+/g, '_'));
  const column = names.map((name) => header.indexOf(name)).find((index) => index >= 0);
  // Ids have a digit; what has none above the first column is its title.
  const hasHeader = column !== undefined || !/\d/.test(first.cells[0] ?? '');
  const ids = idsOf(hasHeader ? rest : rows, column ?? 0, say);
  if (ids.length === 0) throw new UsageError(say.empty);
  return [...new Set(ids)];
}

function idsOf(rows: readonly CsvRow[], column: number, say: IdsFileWords): string[] {
  const problems: string[] = [];
  const ids: string[] = [];
  for (const { line, cells } of rows) {
    const id = cells[column] ?? '';
    if (id === '') problems.push(say.noId(line, column + 1));
    else if (!isId(id)) problems.push(say.notAnId(line, quoted(id)));
    else ids.push(id);
  }
  if (problems.length > MOST_PROBLEMS) {
    problems.splice(MOST_PROBLEMS, Infinity, say.more(problems.length - MOST_PROBLEMS));
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return ids;
}

/** The beginning of it, without what a terminal would take for a command. */
function quoted(text: string): string {
  return `"${text
    .slice(0, LONGEST_QUOTED)
    .toWellFormed()
    .replaceAll(/[^\P{C}\n]/gu, '\uFFFD')}"`;
}

function isId(id: string): boolean {
  return ID.test(id) && id !== '0';
}

/** UTF-8, or UTF-16 as spreadsheets write it. */
function textOf(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}
