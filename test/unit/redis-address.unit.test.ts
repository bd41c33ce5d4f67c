import { describe, expect, test } from 'vitest';
import { readEnvironment } from '../../settings/environment.ts';
import { parseRedisAddress } from '../../settings/redis-address.ts';
import { secretsOf } from '../../settings/secrets.ts';

describe('an address of Redis', () => {
  test('is one server', () => {
    expect(parseRedisAddress('redis://localhost')).toEqual({
      kind: 'single',
      nodes: [{ host: 'localhost', port: 6379 }],
      tls: false,
      db: 0,
    });
    expect(parseRedisAddress('rediss://me:p%40ss@[::1]:7000/3?family=6')).toEqual({
      kind: 'single',
      nodes: [{ host: '::1', port: 7000 }],
      tls: true,
      username: 'me',
      password: 'p@ss',
      db: 3,
    });
  });

  test('is a cluster when it names several hosts, or says so', () => {
    expect(parseRedisAddress('redis://:word@a:7001,b:7002,c')).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 7001 },
        { host: 'b', port: 7002 },
        { host: 'c', port: 6379 },
      ],
      tls: false,
      password: 'word',
      db: 0,
    });
    expect(parseRedisAddress('rediss+cluster://one.example.org')).toMatchObject({ kind: 'cluster', tls: true });
  });

  test('is a master that sentinels name', () => {
    expect(parseRedisAddress('redis+sentinel://a,b:26380/mymaster/2')).toEqual({
      kind: 'sentinel',
      nodes: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 26_380 },
      ],
      tls: false,
      master: 'mymaster',
      db: 2,
    });
  });

  test.each([
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis://a:x',
    'redis://a,,b',
    'redis://a:70000',
    'redis://a,b/1',
    'redis://a/one',
    'redis+sentinel://a:26379',
  ])('is not %s', (text) => {
    expect(parseRedisAddress(text)).toBeUndefined();
    expect(() => readEnvironment({ REDIS_URL: text })).toThrow(/REDIS_URL/);
  });

  test('keeps its password out of the log, also where a list of hosts is no URL', () => {
    const environment = readEnvironment({ REDIS_URL: 'redis://me:p%40ssword@a:7001,b:7002' });
    expect(secretsOf(undefined, environment)).toContain('p@ssword');
    const one = readEnvironment({ REDIS_URL: 'redis://:100%sure@a' });
    expect(secretsOf(undefined, one)).toContain('100%sure');
  });
});
