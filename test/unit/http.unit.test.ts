import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Account, defineSource } from '../../sources/define-source.ts';
import { Rejected, SourceError, TimedOut, Unauthorized, Unavailable } from '../../sources/errors.ts';
import { connectSource, type HttpOptions } from '../../sources/http.ts';
import { parseRetryAfter } from '../../sources/retry-after.ts';
import { createSessionHolder } from '../../sources/session.ts';

const SECRET = 'a-secret-of-the-account';
const SECOND = 1000;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0).reverse()) close();
});

/** A vendor that answers as told, and a connection to it. Sessions are opened at `/token` with the secret in the address. */
async function vendor(
  answer: Answer,
  { withSession = false, ...options }: HttpOptions & { withSession?: boolean } = {},
) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization ?? ''}`.trim());
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const source = defineSource({
    name: 'test',
    title: 'Test',
    baseUrl: '',
    limits: { read: '1/s' },
    schedule: {},
    account: z.strictObject({ key: z.string() }),
    entities: [],
    ...(withSession && {
      openSession: async ({ account, http }) => {
        const { token, ms } = (await http.getJson('/token', { query: { key: account.credentials.key ?? '' } })) as {
          token: string;
          ms: number;
        };
        return { token, expiresAt: new Date(Date.now() + ms) };
      },
      authorize: ({ token }) => ({ authorization: `Bearer ${token}` }),
    }),
  });
  const account: Account = {
    source: 'test',
    name: 'main',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    timezone: 'UTC',
    currency: 'EUR',
    credentials: { key: SECRET },
    options: {},
  };
  const connection = connectSource(source, account, options);
  opened.push(() => connection.close());
  const http = connection.open();
  return { http, connection, seen, get: (path = '/rows') => http.getJson(path, { query: { key: SECRET, page: 1 } }) };
}

const say = (status: number, body: string, headers: Record<string, string> = {}): Answer => {
  return (_, response) => response.writeHead(status, headers).end(body);
};

async function failure(asked: Promise<unknown>): Promise<SourceError> {
  const error = await asked.then(
    (answer) => expect.fail(`answered ${JSON.stringify(answer)}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

describe('an answer', () => {
  test('of 200 is its JSON, asked for with the query and counted', async () => {
    const { http, get, seen } = await vendor(say(200, '{"rows":[1,2]}'));
    expect(await get()).toEqual({ rows: [1, 2] });
    expect(seen).toEqual([`/api/rows?key=${SECRET}&page=1`]);
    expect(http.requests()).toBe(1);
  });

  test.each([
    [401, '', 'UNAUTHORIZED'],
    [403, '', 'UNAUTHORIZED'],
    [400, '', 'REJECTED'],
    [404, '', 'REJECTED'],
    [422, '{"errors":["bad page"]}', 'REJECTED'],
    [301, '', 'REJECTED'],
    [408, '', 'UNAVAILABLE'],
    [429, '', 'RATE_LIMITED'],
    [500, '<html></html>', 'UNAVAILABLE'],
    [503, '', 'UNAVAILABLE'],
    [200, '<!DOCTYPE html><html></html>', 'UNAVAILABLE'],
    [200, '{"rows":[1,', 'UNAVAILABLE'],
    [200, '', 'UNAVAILABLE'],
  ])('of %i with %j is an error of the class %s that tells no address', async (status, body, code) => {
    const { get } = await vendor(say(status, body, { location: 'http://127.0.0.1:1/elsewhere' }));
    const error = await failure(get());
    expect(error).toMatchObject({ code, fields: { source: 'test', account: 'main', status } });
    expect(error.message).toContain('GET /rows');
    expect(JSON.stringify([error.message, error.stack, error.fields, error.cause])).not.toMatch(
      /a-secret|127\.0\.0\.1|\?/,
    );
  });

  test('tells what the vendor says of itself, shortened and without the secret', async () => {
    const said = `the key ${SECRET} is not known ${'x'.repeat(500)}`;
    const { get } = await vendor(say(422, JSON.stringify({ message: said })));
    const { message } = await failure(get());
    expect(message).toContain('the key [redacted] is not known');
    expect(message.length).toBeLessThan(300);
  });

  test('that the caller understands is no error', async () => {
    const { http } = await vendor(say(404, ''));
    expect(await http.getJson('/car', { absentOn: [404, 422] })).toBeUndefined();
  });

  test('that redirects is refused: the credentials go nowhere else', async () => {
    const { get, seen } = await vendor((request, response) => {
      if (request.url?.includes('elsewhere')) response.end('{}');
      else response.writeHead(302, { location: '/api/elsewhere' }).end();
    });
    expect(await failure(get())).toBeInstanceOf(Rejected);
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['that never comes', () => {}, /no answer in time \(ETIMEDOUT\)/],
    [
      'that breaks off',
      (_: IncomingMessage, response: ServerResponse) => response.destroy(),
      /no answer \(ECONNRESET\)/,
    ],
  ])('%s is unavailable, and nothing of the library shows', async (_, answer, message) => {
    const { get, http } = await vendor(answer, { timeoutMs: 200 });
    const error = await failure(get());
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toMatch(message);
    expect(error.cause).toBeUndefined();
    expect(http.requests()).toBe(1);
  });
});

describe('a form', () => {
  test('is posted as form fields, a list once for each of its values', async () => {
    const said: Record<string, unknown> = {};
    const { http, seen } = await vendor((request, response) => {
      const { method, headers } = request;
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        Object.assign(said, { method, type: headers['content-type'], body });
        response.end('[]');
      });
    });
    expect(await http.getJson('/search', { form: { key: 'a&b=ü', types: ['in', 'out'], none: [] } })).toEqual([]);
    expect(seen).toEqual(['/api/search']);
    expect(said).toEqual({
      method: 'POST',
      type: 'application/x-www-form-urlencoded',
      body: 'key=a%26b%3D%C3%BC&types%5B%5D=in&types%5B%5D=out',
    });
  });

  test('that fails tells none of its fields', async () => {
    const { http } = await vendor((_, response) => response.destroy());
    const error = await failure(http.getJson('/search', { form: { key: SECRET } }));
    expect(error.message).toContain('POST /search');
    expect(JSON.stringify([error.message, error.stack, error.fields, error.cause])).not.toContain(SECRET);
  });
});

test('an answer that does not come in time has a class of its own', async () => {
  const { get } = await vendor(() => {}, { timeoutMs: 100 });
  const error = await failure(get());
  expect(error).toBeInstanceOf(TimedOut);
  expect(error.code).toBe('UNAVAILABLE');
});

describe('Retry-After', () => {
  const now = Date.UTC(2025, 10, 10, 12);
  test.each([
    ['as seconds', '7', 7 * SECOND],
    ['as a fraction', '1.5', 1.5 * SECOND],
    ['as a date', new Date(now + 9 * SECOND).toUTCString(), 9 * SECOND],
    ['as a date that is over', new Date(now - 9 * SECOND).toUTCString(), SECOND],
    ['as zero', '0', SECOND],
    ['as a day', '86400', 900 * SECOND],
    ['as nonsense', 'soon', 60 * SECOND],
    ['not at all', undefined, 60 * SECOND],
  ])('%s', async (_, header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  test('is on the error of a 429', async () => {
    const { get } = await vendor(say(429, '', { 'retry-after': '7' }));
    expect(await failure(get())).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 7 * SECOND });
  });
});

/** Tokens are numbered; `good` says which of them the vendor takes. */
function tokens(good: (token: number) => boolean, lifetimeMs = 60 * SECOND): Answer {
  let issued = 0;
  return (request, response) => {
    if (request.url?.startsWith('/api/token')) {
      issued += 1;
      // Late enough for others to have asked meanwhile.
      const body = JSON.stringify({ token: `t${issued}`, ms: lifetimeMs });
      setTimeout(() => response.end(body), 20);
    } else if (good(Number(request.headers.authorization?.slice('Bearer t'.length)))) response.end('[]');
    else response.writeHead(401).end();
  };
}

describe('a session', () => {
  const opens = (seen: string[]) => seen.filter((line) => line.startsWith('/api/token')).length;

  test('is opened once, however many requests wait for it', async () => {
    const { connection, seen } = await vendor(
      tokens(() => true),
      { withSession: true },
    );
    await Promise.all(Array.from({ length: 20 }, () => connection.open().getJson('/rows')));
    expect(opens(seen)).toBe(1);
    expect(seen.filter((line) => line === '/api/rows Bearer t1')).toHaveLength(20);
  });

  test('that the vendor ends early is renewed once for all, and each request tried once more', async () => {
    const { connection, seen } = await vendor(
      tokens((token) => token > 1),
      { withSession: true },
    );
    const views = Array.from({ length: 20 }, () => connection.open());
    await Promise.all(views.map((view) => view.getJson('/rows')));
    expect(opens(seen)).toBe(2);
    expect(seen.filter((line) => line === '/api/rows Bearer t2')).toHaveLength(20);
    expect(views.map((view) => view.requests())).toEqual(Array(20).fill(2));
  });

  test('that is refused anew is tried once more and then passes for a fault that may pass', async () => {
    const { get, http, seen } = await vendor(
      tokens(() => false),
      { withSession: true },
    );
    const error = await failure(get());
    expect(error).toBeInstanceOf(Unavailable);
    expect(http.requests()).toBe(2);
    expect(opens(seen)).toBe(2);
  });

  test('that cannot be opened is a matter of credentials, and is tried once', async () => {
    const { get, seen } = await vendor(say(401, '{"error":"no such key"}'), { withSession: true });
    const error = await failure(get());
    expect(error).toBeInstanceOf(Unauthorized);
    expect(error.message).toBe('GET /token: not authorized (401): no such key');
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['4 minutes', 240 * SECOND, 24 * SECOND],
    ['4 hours', 14_400 * SECOND, 30 * SECOND],
    ['no time at all, by a clock that runs ahead', -60 * SECOND, -61 * SECOND],
  ])('that lives %s is renewed shortly before it ends', async (_, lifetimeMs, marginMs) => {
    let clock = 1_000_000;
    let opened = 0;
    const open = async () => ({ token: `t${++opened}`, expiresAt: new Date(1_000_000 + lifetimeMs) });
    const holder = createSessionHolder(open, { now: () => clock });
    await holder.get();
    clock += lifetimeMs - marginMs - 1;
    expect((await holder.get()).token).toBe('t1');
    clock += 1;
    expect((await holder.get()).token).toBe('t2');
  });

  test('is opened anew after an opening that failed', async () => {
    let first = true;
    const good = tokens(() => true);
    const { get } = await vendor(
      (request, response) => {
        if (first) response.writeHead(503).end();
        else good(request, response);
        first = false;
      },
      { withSession: true },
    );
    expect(await failure(get())).toBeInstanceOf(Unavailable);
    expect(await get()).toEqual([]);
  });
});
