import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Account, defineSource, type SourceDefinition } from '../../sources/define-source.ts';
import { Rejected, SourceError, TimedOut, TooLarge, Unavailable } from '../../sources/errors.ts';
import { connectSource, type Http } from '../../sources/http.ts';
import { loadSources } from '../../sources/load-sources.ts';

const SECRET = 'a-secret-of-the-account';
const MIB = 2 ** 20;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0).reverse()) close();
});

/** A server on this machine, which for the vendor's client is any host. */
async function listen(answer: Answer): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function accountAt(baseUrl: string): Account {
  const place = { timezone: 'UTC', currency: 'EUR' };
  return { source: 'test', name: 'main', baseUrl, ...place, credentials: { key: SECRET }, options: {} };
}

function connect(baseUrl: string, more: Partial<SourceDefinition> = {}, timeoutMs = 5000): Http {
  const source = defineSource({
    name: 'test',
    title: 'Test',
    baseUrl: '',
    limits: { read: '1/s' },
    schedule: {},
    account: z.strictObject({ key: z.string() }),
    entities: [],
    ...more,
  });
  const connection = connectSource(source, accountAt(baseUrl), { timeoutMs });
  opened.push(() => connection.close());
  return connection.open();
}

const withSession: Partial<SourceDefinition> = {
  openSession: async ({ http }) => {
    await http.getJson('/token');
    return { token: 'a-token-of-the-session', expiresAt: new Date(Date.now() + 60_000) };
  },
  authorize: ({ token }) => ({ authorization: `Bearer ${token}` }),
};

async function failure(asked: Promise<unknown>): Promise<SourceError> {
  const error = await asked.then(
    () => expect.fail('it was answered'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

describe('a vendor that redirects', () => {
  test.each([
    301, 302, 303, 307, 308,
  ])('with %i to another host gets nobody there: no request, no credentials', async (status) => {
    const elsewhere = await listen((_, response) => response.end('[]'));
    const vendor = await listen((request, response) => {
      if (request.url === '/token') response.end('{}');
      else response.writeHead(status, { location: `${elsewhere.url}/rows` }).end();
    });
    const http = connect(vendor.url, withSession);
    for (const form of [undefined, { key: SECRET }]) {
      const error = await failure(http.getJson('/rows', { query: { key: SECRET }, ...(form && { form }) }));
      expect(error).toBeInstanceOf(Rejected);
      expect(error.message).toContain('Correct baseUrl');
      expect(JSON.stringify([error.message, error.stack, error.fields])).not.toMatch(/a-secret|a-token|127\.0\.0\.1/);
    }
    expect(elsewhere.seen).toEqual([]);
    expect(vendor.seen.filter((line) => line.includes('/rows'))).toHaveLength(2);
  });

  test.each([
    'file:///etc/passwd',
    'data:application/json,[]',
    'javascript:1',
    '//169.254.169.254/',
    'ftp://127.0.0.1/',
    '%',
  ])('to %s is refused', async (location) => {
    const { url } = await listen((_, response) => response.writeHead(302, { location }).end('[]'));
    expect(await failure(connect(url).getJson('/rows'))).toBeInstanceOf(Rejected);
  });

  test('when a session is opened gets no session', async () => {
    const elsewhere = await listen((_, response) => response.end('{}'));
    const vendor = await listen((_, response) => response.writeHead(307, { location: elsewhere.url }).end());
    expect(await failure(connect(vendor.url, withSession).getJson('/rows'))).toBeInstanceOf(Rejected);
    expect([elsewhere.seen, vendor.seen]).toEqual([[], ['GET /token']]);
  });
});

describe('an answer', () => {
  const small = { largestAnswerBytes: MIB };

  test('that has no end is cut off at its limit', async () => {
    let sent = 0;
    const piece = Buffer.alloc(64 * 1024, 'x');
    const { url } = await listen((request, response) => {
      const more = () => {
        while (!request.destroyed && response.write(piece)) sent += piece.length;
      };
      response.on('drain', more);
      more();
    });
    const error = await failure(connect(url, small).getJson('/rows'));
    expect(error).toBeInstanceOf(TooLarge);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', message: `GET /rows: answered more than ${MIB} bytes` });
    // What lay in the buffers of the sockets has been sent too.
    expect(sent).toBeLessThan(32 * MIB);
  });

  test('that is large only when it is unpacked is cut off too', async () => {
    const packed = gzipSync(Buffer.alloc(256 * MIB), { level: 1 });
    const { url } = await listen((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed));
    const before = process.memoryUsage().rss;
    expect(await failure(connect(url, small).getJson('/rows'))).toBeInstanceOf(TooLarge);
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * MIB);
  });

  test('within its limit is taken, whatever its length says', async () => {
    const body = JSON.stringify('x'.repeat(MIB - 2));
    const { url } = await listen((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body)),
    );
    expect(await connect(url, small).getJson('/rows')).toHaveLength(MIB - 2);
    expect(await failure(connect(url, { largestAnswerBytes: MIB - 1 }).getJson('/rows'))).toBeInstanceOf(TooLarge);
  });

  test('that comes byte by byte has no more time than any other', async () => {
    const { url } = await listen((_, response) => {
      response.write('[');
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    const startedAt = performance.now();
    expect(await failure(connect(url, {}, 300).getJson('/rows'))).toBeInstanceOf(TimedOut);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  test('with headers without end is no answer', async () => {
    const { url } = await listen((_, response) => response.writeHead(200, { 'x-odd': 'x'.repeat(100_000) }).end('[]'));
    expect(await failure(connect(url).getJson('/rows'))).toBeInstanceOf(Unavailable);
  });
});

test('an id never changes the path or the host of a request', async () => {
  const paths = new Set<string>();
  const { url } = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://vendor');
    paths.add(pathname);
    const session = { token: 't', exp: '2099-01-01T00:00:00Z' };
    response.end(JSON.stringify(/token/.test(pathname) ? session : { status: 'success', data: [] }));
  });
  const ids = [
    '../../admin',
    '//evil.example/',
    '@evil.example',
    '?query=1',
    '#x',
    '900101&page=2',
    '\\\\evil',
    '%2e%2e',
  ];
  const all = await loadSources();
  // Of the others, iiko reads whole lists and asks for nothing by an id.
  for (const source of [all.get('rentprog')!, all.get('litepms')!]) {
    const account = {
      ...accountAt(url),
      source: source.name,
      credentials: { companyToken: 'c', login: 'l', apiKey: 'k' },
    };
    const connection = connectSource(source, account);
    opened.push(() => connection.close());
    for (const { one } of source.entities)
      for (const id of ids) await one?.fetch({ account, http: connection.open() }, id).catch(() => {});
  }
  const records = ['/car_data', '/getBooking', '/getClient', '/getRooms', '/search_bookings', '/search_clients'];
  expect([...paths].sort()).toEqual([...records, '/get_token'].sort());
});
