import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFaultDraws, type FaultDraw } from './fault-draw.ts';
import { createLimiter } from './limits.ts';
import { createRandom } from './random.ts';
import { half, html, json, problem, type Reply } from './replies.ts';
import { type Call, pageNumber } from './routes.ts';
import type { Settings } from './settings.ts';
import type { createTokens } from './tokens.ts';
import type { Faults, Requests } from './types.ts';

export const BASE_PATH = '/api/v1/public';
const SECOND = 1000;

export interface HandlerParts {
  settings: Settings;
  faults: Faults;
  requests: Requests;
  tokens: ReturnType<typeof createTokens>;
  route: (call: Call) => Reply;
  /** One more booking at the head of the branch's list. */
  shiftPages: (branch: number) => void;
}

/** One request from the socket to the reply; 'reset' asks to destroy the socket. */
export function createHandler(parts: HandlerParts): (request: IncomingMessage) => Promise<Reply | 'reset'> {
  const { settings, faults, requests, tokens } = parts;
  const limiter = createLimiter(settings.limits, settings.limitWindowMs);
  const draws = createFaultDraws(settings.seed);
  const random = createRandom(settings.seed + 3);
  let turn = 0;
  let shifts = 0;

  async function wait(draw: FaultDraw): Promise<void> {
    const [least, most] = settings.latencyMs;
    const slow = draw.chance('slow', faults.slow.rate) ? faults.slow.ms : 0;
    const ms = least + random() * (most - least) + slow;
    if (ms > 0) await sleep(ms);
  }

  function count(branch: number, path: string, query: URLSearchParams): void {
    const name = settings.branches[branch]?.name ?? 'unknown';
    requests.total++;
    requests.byPath[path] = (requests.byPath[path] ?? 0) + 1;
    requests.byBranch[name] = (requests.byBranch[name] ?? 0) + 1;
    if (path.startsWith('/search_'))
      requests.searches.push({
        branch: name,
        path,
        query: query.get('query') ?? '',
        page: pageNumber(query),
        at: Date.now(),
      });
  }

  function tooMany(waitSeconds: number, asDate = false): Reply {
    const header = asDate ? new Date(Date.now() + waitSeconds * SECOND).toUTCString() : String(waitSeconds);
    return { ...problem(429, 'Too many requests', turn), headers: { 'retry-after': header } };
  }

  function refusedByLimits(branch: number, path: string): Reply | undefined {
    const now = Date.now();
    const closed = faults.branchRateLimited;
    if (closed && closed.branch === settings.branches[branch]?.name && now < closed.untilMs)
      return tooMany(Math.ceil((closed.untilMs - now) / SECOND));
    const seconds = branch < 0 ? 0 : limiter(branch, path, now);
    if (seconds === 0) return undefined;
    requests.rateLimited++;
    return tooMany(seconds);
  }

  function spoilt(draw: FaultDraw): Reply | 'reset' | undefined {
    if (draw.spoils('reset', faults.reset)) return 'reset';
    if (draw.spoils('rateLimitSeconds', faults.rateLimitSeconds)) return tooMany(faults.retryAfterSeconds);
    if (draw.spoils('rateLimitDate', faults.rateLimitDate)) return tooMany(faults.retryAfterSeconds, true);
    if (draw.spoils('serverErrorHtml', faults.serverErrorHtml))
      return html([500, 502, 503, 504][turn % 4] ?? 500, 'Error');
    if (draw.spoils('htmlOk', faults.htmlOk)) return html(200, 'Technical works');
    return undefined;
  }

  function giveToken(branch: number): Reply {
    const found = settings.branches[branch];
    if (!found) return problem(401, 'company_token is invalid', turn);
    return json(JSON.stringify(tokens.issue(branch, found.companyId, Date.now())));
  }

  function read(path: string, query: URLSearchParams, branch: number, token: string, draw: FaultDraw): Reply {
    if (draw.spoils('expiredToken', faults.expiredToken)) tokens.revoke(token);
    if (!tokens.isGood(token, Date.now())) return problem(401, 'token is invalid or has expired', turn);
    const name = settings.branches[branch]?.name;
    const fail = faults.failPage;
    if (fail && fail.branch === name && fail.path === path && fail.page === pageNumber(query))
      return problem(500, 'Internal Server Error', turn);
    if (path === '/all_bookings' && pageNumber(query) > 1 && shifts < faults.pageShiftLimit)
      if (draw.chance('pageShift', faults.pageShift)) {
        shifts++;
        parts.shiftPages(branch);
      }
    return parts.route({ path, query, branch, turn, draw });
  }

  return async (request) => {
    turn++;
    const url = new URL(request.url ?? '/', 'http://simulator');
    const path = url.pathname.slice(BASE_PATH.length);
    if (!url.pathname.startsWith(`${BASE_PATH}/`))
      return problem(url.pathname.startsWith('/api/v1/') ? 403 : 404, 'Forbidden or unknown path', turn);

    const companyToken = url.searchParams.get('company_token');
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const asksToken = path === '/get_token';
    const branch = asksToken
      ? settings.branches.findIndex((each) => each.companyToken === companyToken)
      : tokens.branchOf(token);
    count(branch, path, url.searchParams);
    url.searchParams.delete('company_token');
    const draw = draws(`${branch} ${path} ${url.searchParams}`);

    const refused = refusedByLimits(branch, path);
    if (refused) return refused;
    await wait(draw);
    if (request.method !== 'GET') return problem(404, 'Not Found', turn);
    const early = spoilt(draw);
    if (early) return early;
    const reply = asksToken ? giveToken(branch) : read(path, url.searchParams, branch, token, draw);
    const answer = reply.status === 200 && draw.spoils('truncatedJson', faults.truncatedJson) ? half(reply) : reply;
    draw.done();
    return answer;
  };
}
