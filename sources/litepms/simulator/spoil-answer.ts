import type { FaultDraw } from './fault-draw.ts';
import { failure, html, problem, type Reply } from './replies.ts';
import type { Call, Faults, RequestMatch } from './types.ts';

const DAY_MS = 86_400_000;
const SECOND = 1000;

/** What faults answer in the vendor's place: a reply, a cut connection, or an answer held back for ever. */
export type Spoilt = Reply | 'reset' | 'hold';

export function spoilt(faults: Faults, call: Call, draw: FaultDraw, turn: number): Spoilt | undefined {
  if (draw.spoils('reset', faults.reset)) return 'reset';
  if (draw.spoils('rateLimitSeconds', faults.rateLimitSeconds)) return tooMany(faults.retryAfterSeconds);
  if (draw.spoils('rateLimitDate', faults.rateLimitDate)) return tooMany(faults.retryAfterSeconds, true);
  if (draw.spoils('serverErrorHtml', faults.serverErrorHtml))
    return html([500, 502, 503, 504][turn % 4] ?? 500, 'Error');
  if (draw.spoils('htmlOk', faults.htmlOk)) return html(200, 'Technical works');
  if (faults.failing.some((match) => fits(match, call))) return problem(500);
  const refusing = faults.refusing.find((match) => fits(match, call));
  return refusing ? failure(refusing.error, 0) : largeWindow(faults, call);
}

export function tooMany(waitSeconds: number, asDate = false): Reply {
  const header = asDate ? new Date(Date.now() + waitSeconds * SECOND).toUTCString() : String(waitSeconds);
  return { ...problem(429), headers: { 'retry-after': header } };
}

function fits({ method, hotel, params = {} }: RequestMatch, call: Call): boolean {
  return (
    method === call.method &&
    (hotel === undefined || hotel === call.hotel) &&
    Object.entries(params).every(([name, value]) => call.params[name] === value)
  );
}

function largeWindow({ largeWindow }: Faults, { method, params }: Call): Spoilt | undefined {
  if (!largeWindow || method !== 'getBookings') return undefined;
  const days = 1 + (Date.parse(params.finish ?? '') - Date.parse(params.start ?? '')) / DAY_MS;
  if (!(days > largeWindow.days)) return undefined;
  switch (largeWindow.answer) {
    case 'hold':
      return 'hold';
    case '504':
      return html(504, 'Gateway Time-out');
    case '413':
      return html(413, 'Payload Too Large');
    case 'error':
      return failure('the interval is too large', 0);
  }
}
