/**
 * Reads what Ruby's `inspect` prints (README.md §7): `{"id"=>900101, "state"=>["Новая", nil]}`. A tokenizer rather than
 * substitutions: those break every `10:00` and every `vanilla`.
 */

/** What a value looks like where no string, hash or array begins. Times have no quotes around them. */
const WORDS: readonly [RegExp, (text: string) => unknown][] = [
  [/nil\b/y, () => null],
  [/true\b/y, () => true],
  [/false\b/y, () => false],
  [/[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4}(?: [\d:.]+)?(?: [+-]?\w+(?::\d\d)?)*/y, (text) => text],
  [/\d{4}-\d\d-\d\d(?:[T ][\d:.]+)?(?: ?(?:UTC|Z|[+-]\d\d:?\d\d))?/y, (text) => text],
  [/[+-]?\d+(?:_\d+)*(?:\.\d+)?(?:e[+-]?\d+)?/iy, (text) => Number(text.replaceAll('_', ''))],
  [/#<[^<>]*>/y, (text) => text],
  [/:([A-Za-z_]\w*[?!]?)/y, (text) => text.slice(1)],
];
const BLANKS = /\s*/y;
const NAME = /[A-Za-z_]\w*[?!]?(?=:)/y;
const STRING = /"([^"\\]*(?:\\[\s\S][^"\\]*)*)"/y;
const ESCAPE = /\\(?:u\{([0-9a-f ]+)\}|u([0-9a-f]{4})|x([0-9a-f]{1,2})|([\s\S]))/gi;
const PLAIN: Record<string, string> = { n: '\n', t: '\t', r: '\r', e: '\u001b', s: ' ', 0: '\0', a: '\u0007', b: '\b' };

/** Nobody's record is deeper; a text of brackets must not fill the stack. */
const DEEPEST = 50;

/** The value that the text shows; keys and symbols become text. Throws `SyntaxError`, which quotes nothing, for any other text. */
export function parseRubyInspect(text: string): unknown {
  let at = 0;

  function take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return undefined;
    at = pattern.lastIndex;
    return match;
  }
  /** The sign, with blanks around it. */
  function sign(expected: string): boolean {
    take(BLANKS);
    if (!text.startsWith(expected, at)) return false;
    at += expected.length;
    take(BLANKS);
    return true;
  }
  const fail = (): never => {
    throw new SyntaxError(`not what Ruby prints, at character ${at + 1}`);
  };
  const quoted = (): string | undefined => {
    const match = take(STRING);
    return match && withoutEscapes(match[1] ?? '');
  };

  function value(depth: number): unknown {
    if (depth > DEEPEST) return fail();
    if (sign('{')) return hash(depth);
    if (sign('[')) return array(depth);
    const string = quoted();
    if (string !== undefined) return string;
    if (text.startsWith(':"', at)) {
      at += 1;
      return quoted() ?? fail();
    }
    for (const [pattern, read] of WORDS) {
      const match = take(pattern);
      if (match) return read(match[0]);
    }
    return fail();
  }

  function hash(depth: number): Record<string, unknown> {
    // No prototype: `__proto__` is a key like any other.
    const record = Object.create(null) as Record<string, unknown>;
    while (!sign('}')) {
      const key = quoted() ?? take(NAME)?.[0];
      if (key !== undefined) {
        if (!sign('=>') && !sign(':')) fail();
        record[key] = value(depth + 1);
      } else {
        const other = value(depth + 1);
        if (!sign('=>')) fail();
        record[typeof other === 'object' ? JSON.stringify(other) : String(other)] = value(depth + 1);
      }
      if (!sign(',') && !text.startsWith('}', at)) fail();
    }
    return record;
  }

  function array(depth: number): unknown[] {
    const items: unknown[] = [];
    while (!sign(']')) {
      items.push(value(depth + 1));
      if (!sign(',') && !text.startsWith(']', at)) fail();
    }
    return items;
  }

  take(BLANKS);
  const read = value(0);
  take(BLANKS);
  return at === text.length ? read : fail();
}

function withoutEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (_, points?: string, unit?: string, byte?: string, char?: string) => {
    if (points !== undefined) {
      return points
        .trim()
        .split(/\s+/)
        .map((point) => codePoint(Number.parseInt(point, 16)))
        .join('');
    }
    const code = unit ?? byte;
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return PLAIN[char ?? ''] ?? char ?? '';
  });
}

function codePoint(point: number): string {
  return point <= 0x10ffff ? String.fromCodePoint(point) : '\uFFFD';
}
