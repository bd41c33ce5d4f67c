import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { queueBackends } from '../support/backends.ts';
import { type Answer, ask, useConsole } from '../support/console.ts';
import { fillIn, isEndless, type Route, routesOf, titleOf } from '../support/console-routes.ts';
import { CANARY, oddText, oddValue } from './support/nasty.ts';
import { runs } from './support/runs.ts';

/** How somebody asks: described as data, so that a counterexample can be read. */
interface Asked {
  parameters: string[];
  query: [string, string][];
  headers: Record<string, string>;
  body: string;
}

const MARKUP = `<script>${CANARY}</script>`;
/** Words that routes know, so that not everything ends at the first look. */
const known = fc.constantFrom(
  'rentprog',
  'tbilisi',
  'clients',
  'bookings',
  '900101',
  'en',
  'sync',
  'active',
  '1',
  MARKUP,
);
const word = fc.oneof({ weight: 2, arbitrary: known }, { weight: 3, arbitrary: oddText });
const name = fc.constantFrom(
  'q',
  'page',
  'limit',
  'back',
  'source',
  'account',
  'entity',
  'id',
  'ids',
  'from',
  'to',
  'x[y]',
);
const shortText = word.map((text) => text.slice(0, 300));
const asked: fc.Arbitrary<Asked> = fc.record({
  parameters: fc.array(shortText, { minLength: 4, maxLength: 4 }),
  query: fc.array(fc.tuple(name, shortText), { maxLength: 4 }),
  headers: fc.record(
    {
      'content-type': fc.constantFrom(
        'application/json',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'multipart/form-data',
        'text/plain',
        'x',
      ),
      accept: fc.constantFrom('text/html', 'application/json', '*/*', 'x'),
      'accept-language': fc.constantFrom('ru', 'en;q=x', 'ru;q=0, en;q=1e400', ','.repeat(1000)),
      cookie: fc.constantFrom('pmsync_lang=x', 'pmsync_session=x.y', '=', '; ;', `pmsync_csrf=${'%'.repeat(50)}`),
      'if-none-match': fc.constantFrom('*', '"x"'),
      range: fc.constant('bytes=0-99999999999999999999'),
    },
    { requiredKeys: [] },
  ),
  body: fc.oneof(
    oddValue.map((value) => JSON.stringify(value)),
    fc.dictionary(name, fc.oneof(word, fc.array(word)), { maxKeys: 4 }).map((fields) => JSON.stringify(fields)),
    fc.array(fc.tuple(name, word)).map((fields) => new URLSearchParams(fields).toString()),
    oddText,
    fc.constantFrom(
      '--x\r\ncontent-disposition: form-data; name="file"; filename="../x"\r\n\r\n1\r\n--x--\r\n',
      '['.repeat(90_000),
    ),
  ),
});

describe.each(queueBackends().slice(0, 1))('whatever is asked of the console', (backend) => {
  const web = useConsole(backend);
  const password = 'the admin word';

  function send(url: string, { method, pattern }: Route, { parameters, query, headers, body }: Asked): Promise<Answer> {
    const values = [...parameters];
    const path = fillIn(pattern, () => encodeURIComponent((values.shift() ?? '').toWellFormed()));
    const search = new URLSearchParams(
      query.map(([key, value]): [string, string] => [key, value.toWellFormed()]),
    ).toString();
    const sent = { authorization: `Bearer ${password}`, ...headers };
    return ask(
      `${url}${path}${search && `?${search}`}`,
      method,
      sent,
      method === 'GET' || method === 'HEAD' ? '' : body,
    );
  }

  test('it answers, takes nothing for markup, and goes on', async () => {
    const { result: url, routes } = await routesOf(() => web.open({ password }));
    // The queue board is not ours: what its own routes answer to nonsense is its business.
    const ours = routes.filter((route) => !isEndless(route) && !/^\/queues/.test(route.pattern));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ours), asked, async (route, how) => {
        const { status, text, headers } = await send(url, route, how);
        expect(status, `${titleOf(route)} answered ${text.slice(0, 300)}`).toBeLessThan(500);
        if (String(headers['content-type']).includes('html')) expect(text).not.toContain(MARKUP);
        if (headers.location) expect(new URL(String(headers.location), url).origin).toBe(url);
      }),
      runs(250),
    );
    expect((await ask(`${url}/healthz`)).status).toBe(200);
  });

  test('the queue board goes on too', async () => {
    const { result: url, routes } = await routesOf(() => web.open({ password }));
    const board = routes.filter(({ pattern }) => pattern.startsWith('/queues'));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...board), asked, async (route, how) => {
        const { text, headers } = await send(url, route, how);
        if (String(headers['content-type']).includes('html')) expect(text).not.toContain(MARKUP);
      }),
      runs(60),
    );
    expect((await ask(`${url}/healthz`)).status).toBe(200);
  });
});
