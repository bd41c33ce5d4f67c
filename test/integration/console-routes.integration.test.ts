import { describe, expect, test } from 'vitest';
import { queueBackends } from '../support/backends.ts';
import { ask, useConsole } from '../support/console.ts';
import { isEndless, isReading, type Route, routesOf, titleOf } from '../support/console-routes.ts';
import { signIn } from '../support/visitor.ts';

const [password, viewerPassword] = ['the admin word', 'the viewer word'];
const changing = (routes: readonly Route[]) => routes.filter((route) => !isReading(route));
const each = (routes: readonly Route[], check: (route: Route) => Promise<void>) => Promise.all(routes.map(check));

// One backend is enough: who may ask does not depend on it.
describe.each(queueBackends().slice(0, 1))('every route of the console', (backend) => {
  const web = useConsole(backend);
  const { open } = web;
  const status = async (url: string, { method, path }: Route, headers: Record<string, string> = {}, body = '') =>
    (await ask(url + path, method, headers, body)).status;

  async function openWithRoutes() {
    const { result: url, routes } = await routesOf(() => open({ password, viewerPassword }));
    const asked = routes.filter((route) => !isEndless(route));
    return { url, routes, asked, closed: asked.filter(({ access }) => access === 'signed in') };
  }

  test('is known here, and only these few are for everyone', async () => {
    const { routes } = await openWithRoutes();
    expect(routes.length).toBeGreaterThan(40);
    for (const title of [
      'GET /',
      'GET /api/overview',
      'GET /metrics',
      'GET /events',
      'PUT /queues/api/queues/queueName/pause',
    ])
      expect(routes.map(titleOf)).toContain(title);
    const open = routes.filter(({ access, method }) => access === 'open' && method !== 'HEAD').map(titleOf);
    expect(open.sort()).toEqual(['GET /healthz', 'GET /readyz', 'POST /webhooks/source/account/secret']);
    const isPublic = routes.filter(({ access, method }) => access === 'public' && method !== 'HEAD').map(titleOf);
    expect(isPublic.filter((title) => !title.startsWith('GET /assets/')).sort()).toEqual([
      'GET /language/language',
      'GET /sign-in',
      'POST /sign-in',
    ]);
    expect(routes.filter(({ forViewers }) => forViewers).map(titleOf)).toEqual(['POST /sign-out']);
  });

  test('without a session sends people to the sign-in and refuses everybody else', async () => {
    const { url, closed } = await openWithRoutes();
    await each(closed, async (route) => {
      expect(await status(url, route), titleOf(route)).toBe(401);
      expect(await status(url, route, { cookie: 'pmsync_session=forged.signature' }), titleOf(route)).toBe(401);
      const page = await ask(url + route.path, route.method, { accept: 'text/html' });
      if (route.method === 'GET') expect(page.headers.location, titleOf(route)).toMatch(/^\/sign-in\?back=/);
      else expect(page.status, titleOf(route)).toBe(401);
    });
  });

  test('takes no other cookie of ours for a session', async () => {
    const { url } = await openWithRoutes();
    const admin = await signIn(url, password);
    // Signed by the same key, for another purpose.
    const cookie = `pmsync_session=${admin.cookie('pmsync_csrf')}`;
    expect((await ask(url, 'GET', { cookie })).status).toBe(401);
  });

  test('that changes something refuses a viewer, whichever way he comes', async () => {
    const { url, closed } = await openWithRoutes();
    const session = (await signIn(url, viewerPassword)).cookie('pmsync_session');
    const changes = changing(closed);
    expect(changes.length).toBeGreaterThan(8);
    await each(changes, async (route) => {
      if (route.forViewers) return;
      const bearer = { authorization: `Bearer ${viewerPassword}` };
      expect(await status(url, route, bearer), titleOf(route)).toBe(403);
      const cookie = { cookie: `pmsync_session=${session}`, origin: url };
      expect(await status(url, route, cookie), titleOf(route)).toBe(403);
    });
  });

  test('that changes something refuses an administrator without the token of a page of ours', async () => {
    const { url, closed } = await openWithRoutes();
    const admin = await signIn(url, password);
    const other = await signIn(url, password);
    const foreign = /name="_csrf" value="([^"]+)"/.exec((await other.get('/')).text)?.[1] ?? '';
    const cookie = `pmsync_session=${admin.cookie('pmsync_session')}; pmsync_csrf=${admin.cookie('pmsync_csrf')}`;
    const form = { cookie, origin: url, 'content-type': 'application/x-www-form-urlencoded' };
    expect(foreign).not.toBe('');
    await each(changing(closed), async (route) => {
      expect(await status(url, route, form), titleOf(route)).toBe(403);
      expect(await status(url, route, form, '_csrf=wrong'), titleOf(route)).toBe(403);
      expect(await status(url, route, form, `_csrf=${foreign}`), titleOf(route)).toBe(403);
      expect(await status(url, route, { ...form, 'x-csrf-token': foreign }), titleOf(route)).toBe(403);
    });
  });

  test('that changes something refuses what a page of another site asks for', async () => {
    const { url, closed } = await openWithRoutes();
    const sites = [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }];
    await each(changing(closed), async (route) => {
      for (const site of sites) {
        const headers = { authorization: `Bearer ${password}`, ...site };
        expect(await status(url, route, headers as Record<string, string>), titleOf(route)).toBe(403);
      }
    });
  });

  test('answers a viewer who only reads, and never with an error of its own', async () => {
    const { url, asked } = await openWithRoutes();
    const reading = asked.filter(isReading);
    await each(reading, async (route) => {
      const bearer = { authorization: `Bearer ${viewerPassword}`, accept: 'application/json' };
      expect([200, 204, 303, 304, 400, 404], titleOf(route)).toContain(await status(url, route, bearer));
    });
  });

  test('refuses a NUL character, wherever it stands', async () => {
    const { url, closed } = await openWithRoutes();
    const headers = { authorization: `Bearer ${password}`, 'content-type': 'application/json' };
    await each(closed, async (route) => {
      expect((await ask(`${url}${route.path}?q=%00`, route.method, headers)).status, titleOf(route)).toBe(400);
    });
    await each(changing(closed), async (route) => {
      expect(await status(url, route, headers, '{"deep":[{"a\\u0000":1}]}'), titleOf(route)).toBe(400);
    });
  });

  test('answers under its own names only: without a password, and where a name is published', async () => {
    const local = await routesOf(() => open());
    const published = await routesOf(() => open({ password, publicUrl: 'https://pmsync.example/' }));
    const headers = { host: 'evil.example', authorization: `Bearer ${password}` };
    for (const { result: url, routes } of [local, published]) {
      const ours = routes.filter((route) => route.access !== 'open' && !isEndless(route));
      await each(ours, async (route) => expect(await status(url, route, headers), titleOf(route)).toBe(403));
    }
  });
});
