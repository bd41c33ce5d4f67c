import type { Json } from './types.ts';

const ESCAPES: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\u001b': '\\e',
};

/** As Ruby's `inspect` prints it: `{"id"=>900101, "state"=>["Новая", nil]}`. */
export function inspectRuby(value: Json): string {
  if (value === null) return 'nil';
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(inspectRuby).join(', ')}]`;
  if (typeof value === 'object') {
    const pairs = Object.entries(value).map(([key, each]) => `${quote(key)}=>${inspectRuby(each)}`);
    return `{${pairs.join(', ')}}`;
  }
  return String(value);
}

function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Ruby escapes exactly these
  const escaped = text.replace(/["\\\n\t\r\u001b]/g, (char) => ESCAPES[char] as string);
  return `"${escaped.replace(/#(?=[{$@])/g, '\\#')}"`;
}
