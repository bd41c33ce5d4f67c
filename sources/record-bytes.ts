import { isUtf8 } from 'node:buffer';
import { exactJson } from './exact-json.ts';
import { textOf } from './vendor-answer.ts';

/** Where the bytes of a record begin and end; `plain` when they are what its JSON text has to be, to the letter. */
interface Place {
  start: number;
  end: number;
  plain: boolean;
}

// The signs that JSON is made of, as bytes.
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const SPACE = 0x20;
const [ZERO, NINE] = [0x30, 0x39];
const [LOWER_E, UPPER_E] = [0x65, 0x45];
/** Fifteen digits survive a float, whatever they are. */
const LONGEST_EXACT = 15;
/** What is nested deeper is not kept as it came. */
const DEEPEST = 100;
const ESCAPED_UNIT = '\\u';
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

const bytesOfRecords = new WeakMap<object, Uint8Array>();

/**
 * A record's own JSON text in UTF-8, a piece of the answer that it stood in: compact, without escaped characters and with
 * numbers that a float keeps. Undefined for a record that has to be written anew.
 */
export function bytesOf(record: unknown): Uint8Array | undefined {
  return record !== null && typeof record === 'object' ? bytesOfRecords.get(record) : undefined;
}

/**
 * What `exactJson` makes of an answer. The objects of its lists are read one by one and keep their bytes: to decode a page as
 * a whole, and to write each of its records anew, takes more than twice as long as to read it.
 */
export function readAnswer(bytes: Uint8Array): unknown {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mark = BYTE_ORDER_MARK.length;
  const body = whole.subarray(whole.subarray(0, mark).equals(BYTE_ORDER_MARK) ? mark : 0);
  const places = isUtf8(body) && !body.includes(ESCAPED_UNIT) ? findRecords(body) : undefined;
  if (!places || places.length === 0) return exactJson(textOf(body));
  const records = places.map(({ start, end, plain }) => {
    const own = body.subarray(start, end);
    if (!plain) return exactJson(own.toString());
    const record = JSON.parse(own.toString()) as object;
    bytesOfRecords.set(record, own);
    return record;
  });
  return withRecords(exactJson(frameOf(body, places)), records);
}

/** The answer with the number of each record in its place. */
function frameOf(body: Buffer, places: readonly Place[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const [i, { start, end }] of places.entries()) {
    parts.push(body.toString('utf8', from, start), `{"":${i}}`);
    from = end;
  }
  parts.push(body.toString('utf8', from));
  return parts.join('');
}

/** Every object that stands in a list of the frame is the number of a record. */
function withRecords(frame: unknown, records: readonly unknown[]): unknown {
  if (frame === null || typeof frame !== 'object') return frame;
  if (!Array.isArray(frame)) {
    for (const value of Object.values(frame)) withRecords(value, records);
    return frame;
  }
  for (const [i, item] of frame.entries()) {
    if (item === null || typeof item !== 'object') continue;
    frame[i] = Array.isArray(item) ? withRecords(item, records) : records[(item as { '': number })['']];
  }
  return frame;
}

/** The outermost objects that stand in lists. Undefined for what is no compact JSON, or nested too deep. */
function findRecords(body: Buffer): Place[] | undefined {
  const places: Place[] = [];
  /** Of the frame, by its opening signs. */
  const open: number[] = [];
  for (let at = 0; at < body.length; at += 1) {
    const sign = body[at]!;
    if (sign === QUOTE) {
      at = endOfText(body, at);
    } else if (sign === OPEN && open.at(-1) === OPEN_LIST) {
      const place = readPlace(body, at);
      if (!place) return undefined;
      places.push(place);
      at = place.end - 1;
    } else if (sign === OPEN || sign === OPEN_LIST) {
      if (open.push(sign) > DEEPEST) return undefined;
    } else if (sign === CLOSE || sign === CLOSE_LIST) {
      open.pop();
    } else if (sign <= SPACE) return undefined;
  }
  return places;
}

/** Whether brackets fit is left to who parses the piece. */
function readPlace(body: Buffer, start: number): Place | undefined {
  let depth = 0;
  let plain = true;
  /** Where the number or word that is being read began. */
  let began = start;
  for (let at = start; at < body.length; at += 1) {
    const sign = body[at]!;
    if (sign === QUOTE) {
      at = endOfText(body, at);
      began = at + 1;
    } else if (
      sign === COMMA ||
      sign === COLON ||
      sign === OPEN ||
      sign === CLOSE ||
      sign === OPEN_LIST ||
      sign === CLOSE_LIST
    ) {
      if (at - began > LONGEST_EXACT) plain = false;
      began = at + 1;
      if (sign === OPEN || sign === OPEN_LIST) {
        depth += 1;
        if (depth > DEEPEST) return undefined;
      } else if (sign === CLOSE || sign === CLOSE_LIST) {
        depth -= 1;
        if (depth === 0) return { start, end: at + 1, plain };
      }
    } else if (sign === LOWER_E || sign === UPPER_E) {
      const before = body[at - 1]!;
      if (before >= ZERO && before <= NINE) plain = false;
    } else if (sign <= SPACE) return undefined;
  }
  return undefined;
}

/** Of the text that begins at `at`: its closing quote, or the end of what there is. */
function endOfText(body: Buffer, at: number): number {
  for (let i = at + 1; i < body.length; i += 1) {
    const sign = body[i]!;
    if (sign === QUOTE) return i;
    if (sign === BACKSLASH) i += 1;
  }
  return body.length;
}
