import { LineCounter, parseDocument } from 'yaml';
import type { Reading } from './reading.ts';

/** What the parser found, in our words: its own messages quote the file, and with it secrets. */
const WORDS: Record<string, [problem: string, fix: string]> = {
  DUPLICATE_KEY: ['this key stands here twice', 'Keep one of the two'],
  NON_STRING_KEY: ['a key must be a plain text', 'Write e.g. tbilisi:'],
  TAB_AS_INDENT: ['a tab is used for indentation', 'Indent with spaces'],
  BAD_DQ_ESCAPE: ['unknown escape after \\ in a double-quoted text', "Use single quotes: '…'"],
  BAD_SCALAR_START: ['a value starts with a character YAML keeps for itself', 'Put the value in quotes'],
  TAG_RESOLVE_FAILED: ['a value starts with !, which YAML keeps for tags', 'Put the value in quotes'],
  MULTIPLE_DOCS: ['the file holds more than one YAML document', 'Remove the line ---'],
};
const OTHER: [string, string] = ['this is not valid YAML', 'Check the indentation, quotes and brackets here and above'];
/** After these the tree is still what the author meant, so its values are worth checking too. */
const HARMLESS = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED']);

/** Parses the file, every scalar as text. False: it is not YAML, and reading on would only report follow-up errors. */
export function parseYaml(file: string, text: string, env: NodeJS.ProcessEnv): { reading: Reading; sound: boolean } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    stringKeys: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  const reading: Reading = { file, document, lines, env, problems: [], warnings: [], holdsSecret: false };
  for (const { code, pos } of [...document.errors, ...document.warnings]) {
    const [problem, fix] = WORDS[code] ?? OTHER;
    const line = lines.linePos(pos[0]).line;
    if (!reading.problems.some((known) => known.line === line && known.problem === problem)) {
      reading.problems.push({ file, line, place: '', problem, fix });
    }
  }
  return { reading, sound: document.errors.every((error) => HARMLESS.has(error.code)) };
}
