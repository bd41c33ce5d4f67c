import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Account, defineSource } from '../../sources/define-source.ts';
import { RateLimited, Rejected, Unauthorized, Unavailable } from '../../sources/errors.ts';
import { connectSource, type Http } from '../../sources/http.ts';
import { faultOf } from '../../sources/iiko/faults.ts';
import { hashPassword } from '../../sources/iiko/password.ts';
import { authorize, closeSession, openSession } from '../../sources/iiko/session.ts';
import { type IikoSimulator, startIikoSimulator } from '../../sources/iiko/simulator.ts';
import { vendorAnswer } from '../../sources/vendor-answer.ts';

const open: IikoSimulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

async function start(password = 'пароль-test'): Promise<{ simulator: IikoSimulator; http: Http; account: Account }> {
  const simulator = await startIikoSimulator({ today: '2026-10-05', days: 2, lines: 10, password });
  open.push(simulator);
  const credentials = { login: simulator.login, password };
  const account = { source: 'iiko', name: 'main', baseUrl: simulator.url, timezone: 'Asia/Almaty', currency: 'KZT' };
  const whole = { ...account, credentials, options: {} };
  return { simulator, http: plainHttp(whole), account: whole };
}

/** Requests without a session, judged as the source judges them. */
function plainHttp(account: Account): Http {
  const source = defineSource({
    name: 'iiko',
    title: 'iiko',
    baseUrl: '',
    limits: {},
    schedule: {},
    account: z.strictObject({}),
    entities: [],
    faultOf,
  });
  return connectSource(source, account).open();
}

describe('the password', () => {
  test('is sent as the SHA-1 that the manual gives as its example', () => {
    expect(hashPassword('test')).toBe('a94a8fe5ccb19ba61c4c0873d391e987982fbbd3');
  });
});

describe('a session', () => {
  test('is a token without the line end, good for less than the hour that the vendor grants', async () => {
    const { simulator, http, account } = await start();
    const session = await openSession({ account, http, now: () => 0 });
    expect(session.token).toMatch(/^[0-9a-f-]{36}$/);
    expect(session.expiresAt.getTime()).toBe(50 * 60_000);
    const answer = await fetch(`${simulator.url}/replication/serverType`, { headers: authorize(session) });
    expect(answer.status).toBe(200);
    simulator.assertGoodManners();
  });

  test('is given back, so that the next login finds the slot free', async () => {
    const { simulator, http, account } = await start();
    const session = await openSession({ account, http });
    await closeSession({ account, http, session });
    expect(simulator.openSessions()).toBe(0);
    await openSession({ account, http });
    simulator.assertGoodManners();
  });

  test('that is dead already is closed without complaint', async () => {
    const { simulator, http, account } = await start();
    const session = await openSession({ account, http });
    simulator.restart();
    await expect(closeSession({ account, http, session })).resolves.toBeUndefined();
  });

  test('that cannot be closed says so, without its token', async () => {
    const { simulator, http, account } = await start();
    const session = await openSession({ account, http });
    simulator.faults.restartPage = 1;
    const error = await closeSession({ account, http, session }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unavailable);
    expect(String(error)).not.toContain(session.token);
  });

  test('on a taken licence waits for minutes and says what to do', async () => {
    const { simulator, http, account } = await start();
    simulator.faults.licenceTaken = true;
    const error = (await openSession({ account, http }).catch((thrown: unknown) => thrown)) as RateLimited;
    expect(error).toBeInstanceOf(RateLimited);
    expect(error.retryAfterMs).toBe(300_000);
    expect(error.message).toContain('trying again in 5 min');
    expect(simulator.requests.logins).toBe(1);
  });

  test('with a wrong password is refused for good, and neither it nor its hash is said', async () => {
    const { http, account } = await start();
    const wrong = { ...account, credentials: { ...account.credentials, password: 'wrong-secret' } };
    const error = await openSession({ account: wrong, http }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unauthorized);
    expect(JSON.stringify([String(error), error])).not.toMatch(/wrong-secret|api\b/);
    expect(JSON.stringify([String(error), error])).not.toContain(hashPassword('wrong-secret'));
  });

  test('is never made of the page of a starting server', async () => {
    const { simulator, http, account } = await start();
    simulator.faults.restartPage = 1;
    await expect(openSession({ account, http })).rejects.toThrow(Unavailable);
    await expect(openSession({ account, http: { getText: async () => 'soon' } })).rejects.toThrow('no token');
  });
});

describe('an answer stands for', () => {
  const fault = (status: number, body: string, contentType = 'text/plain;charset=utf-8') =>
    faultOf(vendorAnswer({ status, bytes: Buffer.from(body), contentType }), {
      what: 'GET /x',
      secrets: ['hunter22', 'abc'],
      source: 'iiko',
    });

  test.each([
    [400, "Malformed Product id: ''", Rejected],
    [401, 'Token is expired', Unauthorized],
    [403, 'Permission denied', Unauthorized],
    [403, 'Module 2100 is blocked within current license', Unauthorized],
    [403, 'License enhancement is required: no connections available for module 28008806', RateLimited],
    [404, 'Not Found', Rejected],
    [408, '', Unavailable],
    [409, 'Период отчёта больше месяца', Rejected],
    [500, 'Connection reset', Unavailable],
    [503, '', Unavailable],
  ])('%i %j: the right error', (status, body, kind) => {
    const error = fault(status, body);
    expect(error).toBeInstanceOf(kind);
    expect(error?.fields).toMatchObject({ source: 'iiko', status });
  });

  test('nothing wrong, when it is good text, JSON or XML', () => {
    expect(fault(200, '[]', 'application/json')).toBeUndefined();
    expect(fault(200, '<corporateItemDtoes/>', 'application/xml')).toBeUndefined();
  });

  test.each([
    [200, '<html><body>starting</body></html>', 'text/html'],
    [200, '\n<!DOCTYPE HTML><html></html>', ''],
    [403, '<html>proxy</html>', 'text/html'],
    [404, '<html>proxy</html>', 'text/html'],
  ])('a passing fault, when it is HTML (%i)', (status, body, type) => {
    expect(fault(status, body, type)).toBeInstanceOf(Unavailable);
  });

  test('an error with the vendor’s words on one short line, without secrets', () => {
    const message = fault(409, `Ошибка\n  у hunter22 ${'я'.repeat(5000)}`)?.message ?? '';
    expect(message).toContain('Ошибка у [redacted]');
    expect(message.length).toBeLessThan(300);
  });
});
