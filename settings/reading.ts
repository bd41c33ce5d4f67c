import { type Document, isAlias, isMap, isNode, isScalar, type LineCounter, type Node } from 'yaml';
import { didYouMean } from './did-you-mean.ts';
import type { Problem } from './settings-error.ts';

/** One reading of one settings file: what the readers share and fill. */
export interface Reading {
  /** As shown to the user. */
  file: string;
  document: Document;
  lines: LineCounter;
  env: NodeJS.ProcessEnv;
  problems: Problem[];
  warnings: string[];
  /** Whether a secret stands in the file itself. */
  holdsSecret: boolean;
}

/** Something written in the file, and how to call it in a message. */
export interface Place {
  name: string;
  line: number | undefined;
  node: unknown;
}

export function report(reading: Reading, { name, line }: Place, problem: string, fix: string): undefined {
  reading.problems.push({ file: reading.file, place: name, ...(line !== undefined && { line }), problem, fix });
  return undefined;
}

/** The node itself, with an alias (`*name`) followed. */
export function nodeOf(reading: Reading, place: Place): Node | undefined {
  if (isAlias(place.node)) return place.node.resolve(reading.document);
  return isNode(place.node) ? place.node : undefined;
}

export function isEmpty(reading: Reading, place: Place): boolean {
  const node = nodeOf(reading, place);
  return isScalar(node) && node.value === '';
}

/** The keys of a mapping; each one that is not in `known` is reported and left out. */
export function readMapping(reading: Reading, place: Place, known?: readonly string[]): Map<string, Place> {
  const found = new Map<string, Place>();
  const node = nodeOf(reading, place);
  if (!isMap(node)) {
    const example = known?.[0] ?? 'name';
    report(reading, place, 'must be a mapping', `Write its keys below it, indented, e.g. ${example}: …`);
    return found;
  }
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue; // the parser has reported it
    const word = String(key.value);
    const at = key.range ? reading.lines.linePos(key.range[0]).line : place.line;
    const child = { name: place.name === '' ? word : `${place.name}.${word}`, line: at, node: value };
    if (known?.includes(word) ?? true) found.set(word, child);
    else report(reading, child, 'unknown key', didYouMean(word, known ?? []));
  }
  return found;
}
