import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeLogger, createLogger, flushLogger, type Logger, logFileOf } from '../../log/create-logger.ts';
import { isSuspect, redactText, rememberSecrets } from '../../log/redact.ts';
import { Unavailable } from '../../sources/errors.ts';

const SECRET = 'hunter2 & "friends"';
const NOW = new Date(2026, 0, 2, 3, 4, 5);

let dir: string;
let logger: Logger;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'log-'));
  logger = open();
});
afterEach(() => {
  closeLogger(logger);
  rmSync(dir, { recursive: true });
});

function open(): Logger {
  return createLogger({ level: 'debug', dir, consoleLevel: 'silent', secrets: [SECRET], now: NOW });
}

function text(): string {
  flushLogger(logger);
  return readFileSync(logFileOf(logger)!, 'utf8');
}

function lines(): Record<string, unknown>[] {
  return text()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function foreignError(): Error {
  const headers = { 'x-custom': 'row of a person' };
  return Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (phone)=(+995 555 12 34) already exists.',
    where: 'a person',
    internalQuery: 'select a person',
    hint: 'a person',
    options: { headers },
    table: 'clients',
    constraint: 'clients_pkey',
  });
}

describe('createLogger', () => {
  it('writes JSON lines into a file named by the second, a new one for every logger', () => {
    const second = open();
    logger.info({ runId: 7 }, 'run opened');
    logger.trace('below the level');
    expect(readdirSync(dir).sort()).toEqual(['sync_20260102_030405.log', 'sync_20260102_030405_2.log']);
    expect(logFileOf(second)).toBe(join(dir, 'sync_20260102_030405_2.log'));
    expect(lines()).toEqual([
      { level: 'info', time: expect.stringMatching(/Z$/), pid: process.pid, runId: 7, msg: 'run opened' },
    ]);
    closeLogger(second);
  });

  it('says what to do when no file can be made', () => {
    const blocked = join(dir, 'file');
    writeFileSync(blocked, '');
    expect(() => createLogger({ level: 'info', dir: blocked })).toThrow(
      expect.objectContaining({ code: 'LOG_FILE_UNUSABLE', message: expect.stringContaining('set LOG_DIR') }),
    );
  });

  it('logs of an error its name, code, message, stack, causes and ids, and nothing else', () => {
    const error = new Unavailable('LitePMS answered 502', {
      source: 'litepms',
      account: 'main',
      status: 502,
      cause: foreignError(),
    });
    logger.error({ err: error, page: 3 }, 'page failed');
    logger.error(error);
    logger.error({ failure: { inside: [error] } });
    const described = {
      name: 'Unavailable',
      code: 'UNAVAILABLE',
      message: 'LitePMS answered 502',
      stack: expect.stringContaining('log.unit.test.ts'),
      fields: { source: 'litepms', account: 'main', status: 502 },
      cause: {
        name: 'Error',
        code: '23505',
        message: 'duplicate key',
        stack: expect.any(String),
        fields: { table: 'clients', constraint: 'clients_pkey' },
      },
    };
    expect(lines()).toMatchObject([
      { err: described, page: 3, msg: 'page failed' },
      { err: described, msg: 'LitePMS answered 502' },
      { failure: { inside: [described] } },
    ]);
    logger.error('%j', foreignError());
    logger.child({ err: foreignError() }).error('from a child');
    expect(text()).not.toMatch(/person|\+995/);
  });

  it('survives odd values: loops of causes, aggregates, thrown text, class instances', () => {
    const loop = new Error('loop');
    loop.cause = loop;
    logger.error(loop);
    logger.error(new AggregateError([new Error('refused')], 'all failed'));
    logger.error({ err: { password: 'x', status: 1 } }, 'no error');
    logger.info({ at: NOW, url: new URL('http://a/b'), map: new Map([['person', 1]]), none: undefined, nil: null });
    const circle: Record<string, unknown> = { name: 'circle' };
    circle.self = circle;
    logger.info(circle);
    expect(lines()).toMatchObject([
      { err: { cause: { cause: { cause: { message: 'loop' } } } } },
      { err: { errors: [{ message: 'refused' }] } },
      { err: { password: '[redacted]', status: 1 } },
      { at: NOW.toISOString(), url: 'http://a/b', map: '[Map]', nil: null },
      { name: 'circle' },
    ]);
  });

  it('takes known secrets out of messages, fields, children, errors, stacks and causes', () => {
    const child = logger.child({ note: SECRET });
    child.info({ deep: [{ text: `x ${SECRET} y`, url: `/?q=${encodeURIComponent(SECRET)}` }] }, `said ${SECRET}`);
    child.warn('body %s of %j', JSON.stringify({ value: SECRET }), { SECRET });
    child.error(new Error(`bad ${SECRET}`, { cause: new Error(SECRET) }));
    expect(lines()).toHaveLength(3);
    expect(text()).not.toContain('hunter2');
  });

  it('takes out fields that are secrets by their name', () => {
    const secrets = {
      apiKey: 'a1',
      login: 'b2',
      webhook_secret: 'c3',
      headers: { Authorization: 'd4', 'set-cookie': ['e5'] },
    };
    logger.info({ ...secrets, token: 47_11, monkey: 'stays', payload_hash: 'stays' });
    expect(text()).not.toMatch(/a1|b2|c3|d4|e5|4711/);
    expect(lines()[0]).toMatchObject({ monkey: 'stays', payload_hash: 'stays', token: '[redacted]' });
  });

  it('logs of a web request its method and URL only', () => {
    const req = { id: 1, method: 'GET', url: '/x?token=abc', headers: { cookie: 'c' }, socket: new Map() };
    logger.info({ req, res: { statusCode: 200, body: 'person' } });
    expect(lines()[0]).toMatchObject({
      req: { id: 1, method: 'GET', url: '/x?token=[redacted]' },
      res: { statusCode: 200 },
    });
    expect(text()).not.toMatch(/person|cookie/);
  });

  it('goes on without its file after closeLogger', () => {
    logger.info('before');
    closeLogger(logger);
    closeLogger(logger);
    logger.info('after');
    expect(lines()).toMatchObject([{ msg: 'before' }]);
  });

  it.each([
    { pretty: false, destination: 'stdout', expected: /^\{"level":"info".*"msg":"line 0"\}\n/ },
    { pretty: true, destination: 'stderr', expected: /INFO.*: line 0\n\s+n: 0\n/ },
  ] as const)('loses no line of a process that exits at once ($destination, pretty $pretty)', ({
    expected,
    ...options
  }) => {
    const script = join(dir, 'exit.ts');
    writeFileSync(
      script,
      `import { createLogger } from ${JSON.stringify(join(import.meta.dirname, '../../log/create-logger.ts'))};
       const logger = createLogger({ level: 'info', dir: ${JSON.stringify(dir)}, ...${JSON.stringify(options)} });
       for (let n = 0; n < 5000; n++) logger.info({ n }, 'line ' + n);
       process.exit(0);`,
    );
    const redirect = options.destination === 'stderr' ? '2>&1 >/dev/null' : '2>/dev/null';
    const out = execFileSync('sh', ['-c', `"${process.execPath}" "${script}" ${redirect}`], { encoding: 'utf8' });
    expect(out).toMatch(expected);
    expect(out).toContain('line 4999');
    const file = readdirSync(dir).find((name) => name.endsWith('.log') && !name.startsWith('sync_20260102'))!;
    expect(readFileSync(join(dir, file), 'utf8').trimEnd().split('\n')).toHaveLength(5000);
  });
});

describe('redactText', () => {
  it.each([
    ['GET https://h/api?token=abc&page=2', 'GET https://h/api?token=[redacted]&page=2'],
    ['a?company_token=x&hash=y#z', 'a?company_token=[redacted]&hash=[redacted]'],
    ['next=%2Fa%3Ftoken%3Dabc%26page%3D2', 'next=%2Fa%3Ftoken%3D[redacted]%26page%3D2'],
    [
      'login=me pass=sha1 key=k password=p api_key=q',
      'login=[redacted] pass=[redacted] key=[redacted] password=[redacted] api_key=[redacted]',
    ],
    ['Authorization: Bearer abc.def\nHost: x', 'Authorization: [redacted]\nHost: x'],
    ['{"authorization":"Basic abc","a":1}', '{"authorization":"[redacted]","a":1}'],
    ['body {"token":"abc","id":"1"}', 'body {"token":"[redacted]","id":"1"}'],
    ['{\\"access_token\\":\\"abc\\",\\"id\\":1}', '{\\"access_token\\":\\"[redacted]\\",\\"id\\":1}'],
    ['postgres://user:pa:ss@host:5432/db', 'postgres://[redacted]@host:5432/db'],
    ['got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl back', 'got [redacted] back'],
    ['a monkey=1, the key: see https://host/a@b', 'a monkey=1, the key: see https://host/a@b'],
  ])('turns %s into %s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
    // As it stands in a line: a line that is not suspect is not looked at any closer.
    expect(isSuspect(JSON.stringify({ text }))).toBe(true);
  });

  it('suspects a line for a known secret, and not for the ids of a job', () => {
    rememberSecrets(['tbilisi-2026']);
    expect(isSuspect('{"job":"upsert-record","externalId":"450490","account":"tbilisi","outcome":"inserted"}')).toBe(
      false,
    );
    expect(isSuspect('{"msg":"refused for tbilisi-2026"}')).toBe(true);
  });

  it('replaces short secrets as whole words only, and syllables not at all', () => {
    rememberSecrets(['main', 'abc', '']);
    expect(redactText('account main of abc in the domain')).toBe('account [redacted] of abc in the domain');
  });

  it('takes the longest secret when one holds another', () => {
    rememberSecrets(['secretvalue', 'secretvalue-and-more']);
    expect(redactText('secretvalue-and-more')).toBe('[redacted]');
  });

  it('needs time in proportion to the text', () => {
    const long = ['a', '://', 'token=', 'eyJ-', '"token":', 'Authorization: ', 'Bearer ', '\\'].map((part) =>
      part.repeat(40_000),
    );
    const started = performance.now();
    for (const text of long) redactText(text);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
