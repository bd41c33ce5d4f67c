import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFaultDraws, type FaultDraw } from './fault-draw.ts';
import type { Licence } from './licence.ts';
import { createRandom } from './random.ts';
import { half, plain, type Reply, restartPage } from './replies.ts';
import type { Call } from './routes.ts';
import type { Settings } from './settings.ts';
import type { Faults, Fields, Requests } from './types.ts';

export const BASE_PATH = '/resto/api';
const NO_LICENCE = 'License enhancement is required: no connections available for module 28008806';
const NO_KEY = 'Token is expired or invalid';

export interface HandlerParts {
  settings: Settings;
  faults: Faults;
  requests: Requests;
  licence: Licence;
  route: (call: Call) => Reply | Promise<Reply>;
}

/** One request from the socket to the reply; 'reset' asks to destroy the socket. */
export function createHandler(parts: HandlerParts): (request: IncomingMessage) => Promise<Reply | 'reset'> {
  const { settings, faults, requests, licence } = parts;
  const draws = createFaultDraws(settings.seed);
  const random = createRandom(settings.seed + 3);
  const passwordHash = createHash('sha1').update(settings.password).digest('hex');

  async function wait(draw: FaultDraw): Promise<void> {
    const [least, most] = settings.latencyMs;
    const slow = draw.chance('slow', faults.slow.rate) ? faults.slow.ms : 0;
    const ms = least + random() * (most - least) + slow;
    if (ms > 0) await sleep(ms);
  }

  function login(parameters: URLSearchParams): Reply {
    requests.logins++;
    const pass = parameters.get('pass') ?? '';
    if (pass === settings.password) requests.plainPasswords++;
    if (parameters.get('login') !== settings.login || pass !== passwordHash)
      return plain('Неверный логин или пароль', 401);
    const token = faults.licenceTaken ? undefined : licence.login();
    if (token === undefined) {
      requests.refusedLogins.push(Date.now());
      return plain(NO_LICENCE, 403);
    }
    requests.maxSessions = Math.max(requests.maxSessions, licence.alive());
    // With a line end, and with the cookie that nobody should keep.
    return { ...plain(`${token}\n`), headers: { 'set-cookie': `key=${token}; Path=/resto` } };
  }

  function logout(key: string): Reply {
    requests.logouts++;
    if (!licence.end(key)) return unauthorized();
    return plain(key);
  }

  function unauthorized(): Reply {
    requests.unauthorized++;
    return plain(NO_KEY, 401);
  }

  async function answer(call: Call, key: string): Promise<Reply> {
    if (call.path === '/auth') return login(call.parameters);
    if (call.path === '/logout') return logout(key);
    if (call.draw.spoils('expiredToken', faults.expiredToken)) licence.end(key);
    if (!licence.isGood(key)) return unauthorized();
    if (call.draw.spoils('serverError', faults.serverError))
      return plain('java.lang.NullPointerException: session == null', 500);
    if (call.path === '/v2/reports/olap') requests.olap.push(readFields(call.body));
    if (call.path === '/licence/info') return plain(String(licence.free()));
    const reply = await parts.route(call);
    return reply.status === 200 && call.draw.spoils('truncated', faults.truncated) ? half(reply) : reply;
  }

  return async (request) => {
    const url = new URL(request.url ?? '/', 'http://simulator');
    if (!url.pathname.startsWith(`${BASE_PATH}/`)) return { ...restartPage, status: 404 };
    const path = url.pathname.slice(BASE_PATH.length);
    requests.total++;
    requests.byPath[path] = (requests.byPath[path] ?? 0) + 1;
    const body = await readBody(request);
    const parameters = parametersOf(request, url, body);
    const key = parameters.get('key') ?? cookieKey(request);
    parameters.delete('key');
    const method = request.method ?? 'GET';
    const draw = draws(`${method} ${path} ${parameters} ${body}`);
    await wait(draw);
    if (draw.spoils('reset', faults.reset)) return 'reset';
    if (draw.spoils('restartPage', faults.restartPage)) return restartPage;
    const reply = await answer({ method, path, parameters, body, draw }, key);
    draw.done();
    return reply;
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Those of the query, and those of a form. */
function parametersOf(request: IncomingMessage, url: URL, body: string): URLSearchParams {
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  return new URLSearchParams([...url.searchParams, ...(isForm ? new URLSearchParams(body) : [])]);
}

const cookieKey = (request: IncomingMessage): string =>
  /(?:^|;\s*)key=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';

function readFields(body: string): Fields {
  try {
    return JSON.parse(body) as Fields;
  } catch {
    return {};
  }
}
