import { isAlias, isScalar } from 'yaml';
import { nodeOf, type Place, type Reading, report } from './reading.ts';

export interface Text {
  value: string;
  /** Whether a part of it came through `${NAME}`. */
  fromEnv: boolean;
  /** How a message may call it: a value from the environment is never shown. */
  shown: string;
}

/** One value as trimmed text with `${NAME}` filled in; reports and returns undefined when there is none. */
export function readText(reading: Reading, place: Place): Text | undefined {
  const node = nodeOf(reading, place);
  if (node === undefined && isAlias(place.node)) {
    return report(reading, place, 'starts with *, which YAML keeps for aliases', 'Put the value in quotes');
  }
  if (!isScalar(node)) return report(reading, place, 'must be one value', 'Write one text or number after the colon');
  const written = String(node.value).trim();
  const value = fillIn(reading, place, written)?.trim();
  if (value === undefined) return undefined;
  if (value === '') return report(reading, place, 'is empty', 'Write a value or remove the key');
  if (/[\r\n]/.test(value)) return report(reading, place, 'holds a line break', 'Write it on one line');
  const fromEnv = value !== written;
  return { value, fromEnv, shown: fromEnv ? `The value of ${written}` : `"${written}"` };
}

/** Values are not looked into again, so a secret may hold `${` itself. */
function fillIn(reading: Reading, place: Place, written: string): string | undefined {
  let complete = true;
  const value = written.replace(/\$\{([^}]*)\}?/g, (whole, name: string) => {
    const found = whole.endsWith('}') && /^[A-Za-z_]\w*$/.test(name) ? reading.env[name] : null;
    if (found) return found;
    complete = false;
    if (found === null) report(reading, place, `\${…} holds no environment name`, `Write e.g. \${RENTPROG_TOKEN}`);
    else
      report(reading, place, `${name} is ${found === '' ? 'empty' : 'not set'}`, 'add it to .env or the environment');
    return '';
  });
  return complete ? value : undefined;
}
