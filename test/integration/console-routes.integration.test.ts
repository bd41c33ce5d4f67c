import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';
import { describe, expect, test } from 'vitest';
import { queueBackends } from '../support/backends.ts';
import { ask, useConsole } from '../support/console.ts';
import { signIn } from '../support/visitor.ts';

/** A route as the console has registered it. */
interface Route {
  method: string;
  /** With its parameters filled in. */
  path: string;
  access: 'open' | 'public' | 'signed in';
  forViewers: boolean;
}

const READING = ['GET', 'HEAD', 'OPTIONS'];
const [password, viewerPassword] = ['the admin word', 'the viewer word'];
/** Answers that never end. */
const ENDLESS = ['/events'];

/** Every server that is made while `work` runs tells of its routes: Fastify says on a channel that it begins. */
async function routesOf(work: () => Promise<string>): Promise<{ url: string; routes: Route[] }> {
  const routes: Route[] = [];
  const listen = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url, config }) => {
      const access = config?.open ? 'open' : config?.public ? 'public' : 'signed in';
      const path = url.replace(/:(\w+)[^/]*/g, '$1').replace(/\*$/, 'anything');
      for (const one of [method].flat())
        routes.push({ method: one, path, access, forViewers: config?.forViewers ?? false });
    });
  };
  subscribe('fastify.initialization', listen);
  try {
    return { url: await work(), routes };
  } finally {
    unsubscribe('fastify.initialization', listen);
  }
}

const changing = (routes: readonly Route[]) => routes.filter(({ method }) => !READING.includes(method));
const each = (routes: readonly Route[], check: (route: Route) => Promise<void>) => Promise.all(routes.map(check));
const titleOf = ({ method, path }: Route) => `${method} ${path}`;

// One backend is enough: who may ask does not depend on it.
describe.each(queueBackends().slice(0, 1))('every route of the console', (backend) => {
  const web = useConsole(backend);
  const { open } = web;
  const status = async (url: string, { method, path }: Route, headers: Record<string, string> = {}, body = '') =>
    (await ask(url + path, method, headers, body)).status;

  async function openWithRoutes() {
    const { url, routes } = await routesOf(() => open({ password, viewerPassword }));
    const asked = routes.filter(({ path }) => !ENDLESS.includes(path));
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
    const reading = asked.filter(({ method }) => READING.includes(method));
    await each(reading, async (route) => {
      const bearer = { authorization: `Bearer ${viewerPassword}`, accept: 'application/json' };
      expect([200, 204, 303, 304, 400, 404], titleOf(route)).toContain(await status(url, route, bearer));
    });
  });

  test('answers under its own names only: without a password, and where a name is published', async () => {
    const local = await routesOf(() => open());
    const published = await routesOf(() => open({ password, publicUrl: 'https://pmsync.example/' }));
    const headers = { host: 'evil.example', authorization: `Bearer ${password}` };
    for (const { url, routes } of [local, published]) {
      const ours = routes.filter(({ access, path }) => access !== 'open' && !ENDLESS.includes(path));
      await each(ours, async (route) => expect(await status(url, route, headers), titleOf(route)).toBe(403));
    }
  });
});
