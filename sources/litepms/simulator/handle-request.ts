import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFaultDraws } from './fault-draw.ts';
import { createLimiter } from './limits.ts';
import type { createMethods, HotelParts } from './methods.ts';
import { createRandom } from './random.ts';
import { failure, half, html, type Reply, success } from './replies.ts';
import type { Settings } from './settings.ts';
import { type Spoilt, spoilt, tooMany } from './spoil-answer.ts';
import type { Call, Requests } from './types.ts';

export const BASE_PATH = '/api';
const MOST_CALLS = 100_000;
const LONGEST_FORM = 100_000;

interface HandlerParts {
  settings: Settings;
  requests: Requests;
  hotels: readonly HotelParts[];
  methodNamed: ReturnType<typeof createMethods>;
}

/** One request from the socket to the reply; 'reset' asks to destroy the socket, 'hold' to leave it without an answer. */
export function createHandler({ settings, requests, hotels, methodNamed }: HandlerParts) {
  const { faults } = settings;
  const limiter = createLimiter(settings.limits, settings.limitWindowMs);
  const draws = createFaultDraws(settings.seed);
  const random = createRandom(settings.seed + 3);
  let turn = 0;

  function count(call: Call): void {
    requests.total++;
    requests.byMethod[call.method] = (requests.byMethod[call.method] ?? 0) + 1;
    requests.byHotel[call.hotel] = (requests.byHotel[call.hotel] ?? 0) + 1;
    if (requests.calls.length < MOST_CALLS) requests.calls.push(call);
  }

  function refusedByLimits(hotel: string): Reply | undefined {
    const now = Date.now();
    const closed = faults.hotelRateLimited;
    if (closed?.hotel === hotel && now < closed.untilMs) return tooMany(Math.ceil((closed.untilMs - now) / 1000));
    const seconds = limiter(hotel, now);
    if (seconds === 0) return undefined;
    requests.rateLimited++;
    return tooMany(seconds);
  }

  return async (request: IncomingMessage): Promise<Spoilt> => {
    const at = turn++;
    const url = new URL(request.url ?? '/', 'http://simulator');
    const params = await readParams(request, url);
    if (!url.pathname.startsWith(`${BASE_PATH}/`)) return html(404, 'Not Found');
    const method = url.pathname.slice(BASE_PATH.length + 1);
    const [login, hash] = [params.get('login'), params.get('hash')];
    params.delete('login');
    params.delete('hash');
    const parts = hotels.find(({ hotel }) => hotel.login === login && hotel.apiKey === hash);
    const call: Call = { hotel: parts?.hotel.name ?? 'unknown', method, params: Object.fromEntries(params) };
    count(call);

    const refused = refusedByLimits(call.hotel);
    if (refused) return refused;
    const draw = draws(`${call.hotel} ${method} ${params}`);
    const [least, most] = settings.latencyMs;
    const slow = draw.chance('slow', faults.slow.rate) ? faults.slow.ms : 0;
    const ms = least + random() * (most - least) + slow;
    if (ms > 0) await sleep(ms);

    if (!parts) return failure(at % 2 === 0 ? 'Доступ запрещен' : 'access denied', at >> 1);
    const early = spoilt(faults, call, draw, at);
    if (early) return early;
    const answer = methodNamed(method);
    if (!answer) return failure('method is not defined', at);
    const result = answer(parts, params);
    if ('error' in result) return failure(result.error, at);
    const reply = success(result.data, result.beside ?? {}, settings.envelopes === 'plain' ? 0 : at);
    const sent = draw.spoils('truncatedJson', faults.truncatedJson) ? half(reply) : reply;
    draw.done();
    return sent;
  };
}

/** GET and POST are mixed freely by clients: what stands in the form counts as what stands in the query. */
async function readParams(request: IncomingMessage, url: URL): Promise<URLSearchParams> {
  const params = new URLSearchParams(url.search);
  if (request.method !== 'POST') return params;
  let body = '';
  for await (const chunk of request) if (body.length < LONGEST_FORM) body += String(chunk);
  for (const [name, value] of new URLSearchParams(body)) params.set(name, value);
  return params;
}
