import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ConsoleRefused } from '../../console/console-refused.ts';
import { startConsole } from '../../console/start-console.ts';
import { queueBackends } from '../support/backends.ts';
import { ask, basic, useConsole } from '../support/console.ts';
import { freePort } from '../support/free-port.ts';
import { browse, signIn } from '../support/visitor.ts';
import { waitFor } from '../support/wait-for.ts';

describe.each(queueBackends())('access to the console with $name', (backend) => {
  const web = useConsole(backend);
  const { open } = web;

  describe('without a password', () => {
    test('does not start where other machines reach it', async () => {
      for (const host of ['0.0.0.0', '::', '192.168.1.5', 'example.com']) {
        await expect(startConsole(web.context, { host, port: 0 })).rejects.toThrow(/Set CONSOLE_PASSWORD, or HOST=127/);
      }
      await expect(startConsole(web.context, { host: '0.0.0.0', port: 0, password: '' })).rejects.toMatchObject({
        name: 'ConsoleRefused',
        code: 'PASSWORD_MISSING',
      });
    });

    test('answers under the names of this machine only', async () => {
      const url = await open();
      const { port } = new URL(url);
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST`, `[::1]:${port}`]) {
        expect((await ask(url, 'GET', { host })).status, host).toBe(200);
      }
      for (const host of [`evil.example:${port}`, '192.168.1.5', 'localhost.evil.example', '127.0.0.1.evil.example']) {
        for (const path of ['/', '/queues', '/queues/api/queues', '/metrics', '/no-such-page']) {
          expect((await ask(url + path, 'GET', { host })).status, `${host} ${path}`).toBe(403);
        }
      }
      expect((await ask(`${url}/healthz`, 'GET', { host: 'pmsync.internal' })).status).toBe(200);
    });

    test('changes nothing for a page of another site', async () => {
      const url = await open();
      const pause = (headers: Record<string, string>) =>
        ask(`${url}/queues/api/queues/sync/pause`, 'PUT', headers).then(({ status }) => status);
      expect(await pause({ origin: 'https://evil.example' })).toBe(403);
      expect(await pause({ origin: 'null' })).toBe(403);
      expect(await pause({ origin: url.replace(/\d+$/, '1') })).toBe(403);
      expect(await pause({ 'sec-fetch-site': 'cross-site' })).toBe(403);
      expect(await web.context.queues.queue('sync').isPaused()).toBe(false);
      expect(await pause({ origin: url })).toBe(403);
      expect(await pause({})).toBe(200);
      expect(await web.context.queues.queue('sync').isPaused()).toBe(true);
      expect(await ask(`${url}/queues/api/queues/sync/resume`, 'PUT')).toMatchObject({ status: 200 });
    });
  });

  describe('with a password', () => {
    const password = 'пароль with: colon';

    test('asks for it everywhere but on health', async () => {
      const url = await open({ host: '0.0.0.0', password });
      expect(url).toMatch(/^http:\/\/localhost:\d+$/);
      const local = url.replace('localhost', '127.0.0.1');
      for (const path of [
        '/',
        '/api/overview',
        '/queues',
        '/queues/api/queues',
        '/metrics',
        '/events',
        '/no-such-page',
      ]) {
        const refused = await ask(local + path);
        expect(refused.status, path).toBe(401);
        expect(refused.headers['www-authenticate']).toContain('Bearer');
        if (path === '/events') continue;
        const allowed = await ask(local + path, 'GET', { ...basic(password), host: 'pmsync.example' });
        expect(allowed.status, path).toBe(path === '/no-such-page' ? 404 : 200);
      }
      expect((await ask(`${local}/healthz`)).status).toBe(200);
      expect((await ask(`${local}/readyz`)).status).toBe(200);
      const change = `${local}/queues/api/queues/sync/resume`;
      expect((await ask(change, 'PUT', { ...basic(password), origin: 'https://evil.example' })).status).toBe(403);
    });

    test('refuses wrong ones, and after ten of them every further try', async () => {
      const url = await open({ password });
      const wrong = ['', 'x', `${password} `, password.slice(0, -1), 'ПАРОЛЬ with: colon'];
      for (const guess of [...wrong, ...wrong]) expect((await ask(url, 'GET', basic(guess))).status).toBe(401);
      for (let n = 0; n < 5; n++) {
        const refused = await ask(url, 'GET', basic(password));
        expect(refused.status).toBe(429);
        expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      }
      expect((await ask(`${url}/healthz`)).status).toBe(200);
    });

    test('does not count a browser that has not been asked yet', async () => {
      const url = await open({ password });
      for (let n = 0; n < 20; n++) expect((await ask(url)).status).toBe(401);
      expect((await ask(url, 'GET', basic(password))).status).toBe(200);
    });
  });

  describe('signing in', () => {
    const password = 'the admin word';
    const viewerPassword = 'the viewer word';

    test('sends people to a form, and from there to where they wanted', async () => {
      const url = await open({ password });
      const browsing = browse(url);
      const sent = await browsing.get('/queues?x=1');
      expect([sent.status, sent.headers.location]).toEqual([303, '/sign-in?back=%2Fqueues%3Fx%3D1']);
      const form = await browsing.get(String(sent.headers.location), { 'accept-language': 'ru' });
      expect(form.text).toContain('<h1>Вход</h1>');
      const wrong = await browsing.submit('/sign-in', { password: 'no', back: '/queues' });
      expect([wrong.status, wrong.text.includes('role="alert"')]).toEqual([401, true]);
      const right = await browsing.submit('/sign-in', { password, name: 'Анна', back: '/queues?x=1' });
      expect([right.status, right.headers.location]).toEqual([303, '/queues?x=1']);
      expect(String(right.headers['set-cookie'])).toMatch(/pmsync_session=[^;]+;.*HttpOnly; SameSite=Lax/);
      expect((await browsing.get('/')).text).toContain('Анна');
      expect((await browsing.submit('/sign-out')).headers.location).toBe('/sign-in');
      expect((await browsing.get('/')).status).toBe(303);
    });

    test('never leads to another site', async () => {
      const url = await open({ password });
      for (const back of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
        const browsing = browse(url);
        await browsing.get('/sign-in');
        const { location } = (await browsing.submit('/sign-in', { password, back })).headers;
        expect(new URL(String(location), url).origin, back).toBe(url);
        const switched = await browsing.get(`/language/ru?back=${encodeURIComponent(back)}`);
        expect(new URL(String(switched.headers.location), url).origin, back).toBe(url);
      }
    });

    test('needs the token of the form, and a cookie nobody has changed', async () => {
      const url = await open({ password });
      const form = { origin: url, 'content-type': 'application/x-www-form-urlencoded' };
      expect((await ask(`${url}/sign-in`, 'POST', form, new URLSearchParams({ password }).toString())).status).toBe(
        403,
      );
      const browsing = await signIn(url, password);
      expect(
        (
          await ask(`${url}/sign-out`, 'POST', {
            ...form,
            cookie: `pmsync_session=${browsing.cookie('pmsync_session')}`,
          })
        ).status,
      ).toBe(403);
      const [value = '', signature = ''] = decodeURIComponent(browsing.cookie('pmsync_session') ?? '').split('.');
      const session = JSON.parse(Buffer.from(value, 'base64url').toString());
      const forged = Buffer.from(JSON.stringify({ ...session, expiresAt: session.expiresAt + 1 })).toString(
        'base64url',
      );
      const cookie = (text: string) => ({ cookie: `pmsync_session=${encodeURIComponent(text)}` });
      expect((await ask(url, 'GET', cookie(`${value}.${signature}`))).status).toBe(200);
      expect((await ask(url, 'GET', cookie(`${forged}.${signature}`))).status).toBe(401);
      expect((await ask(url, 'GET', cookie(value))).status).toBe(401);
    });

    test('as a viewer shows everything and changes nothing', async () => {
      const url = await open({ password, viewerPassword });
      const viewer = await signIn(url, viewerPassword);
      expect((await viewer.get('/')).status).toBe(200);
      expect((await viewer.get('/queues')).headers.location).toBe('/queues-read-only');
      expect((await viewer.get('/queues-read-only')).status).toBe(200);
      for (const path of ['/queues', '/queues-read-only'])
        for (const headers of [
          basic(viewerPassword),
          { cookie: `pmsync_session=${viewer.cookie('pmsync_session')}`, origin: url },
        ])
          expect((await ask(`${url}${path}/api/queues/sync/pause`, 'PUT', headers)).status).toBe(403);
      expect(await web.context.queues.queue('sync').isPaused()).toBe(false);
    });

    test('answers under the published name only, when there is one', async () => {
      const url = await open({ password, publicUrl: 'https://pmsync.example/' });
      const status = async (host: string) => (await ask(`${url}/sign-in`, 'GET', { host })).status;
      expect(await status('pmsync.example')).toBe(200);
      expect(await status('evil.example')).toBe(403);
      const form = await ask(`${url}/sign-in`, 'GET', { host: 'pmsync.example' });
      expect(String(form.headers['set-cookie'])).toContain('Secure');
      expect(form.headers['strict-transport-security']).toBeDefined();
    });
  });

  test('says which variable to change when the port is in use', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    await waitFor(() => other.listening, { describe: 'the other program listens' });
    try {
      const refused = await startConsole(web.context, { host: '127.0.0.1', port }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(ConsoleRefused);
      expect(refused).toMatchObject({ code: 'PORT_IN_USE', message: expect.stringContaining(`Port ${port} of`) });
      expect((refused as Error).message).toContain('set PORT');
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  test('closes while a browser keeps its connection', async () => {
    const started = await startConsole(web.context, { host: 'localhost', port: 0 });
    await fetch(`${started.url}/healthz`).then((answer) => answer.text());
    const startedAt = performance.now();
    await started.close();
    expect(performance.now() - startedAt).toBeLessThan(2000);
    await expect(fetch(`${started.url}/healthz`)).rejects.toThrow();
  });
});
