import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ConsoleRefused } from '../../console/console-refused.ts';
import { startConsole } from '../../console/start-console.ts';
import { queueBackends } from '../support/backends.ts';
import { ask, basic, useConsole } from '../support/console.ts';
import { freePort } from '../support/free-port.ts';
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
      expect(await pause({ origin: url })).toBe(200);
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
      for (const path of ['/', '/style.css', '/queues', '/queues/api/queues', '/metrics', '/no-such-page']) {
        const refused = await ask(local + path);
        expect(refused.status, path).toBe(401);
        expect(refused.headers['www-authenticate']).toContain('Basic');
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
