import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Console, type ConsoleOptions, startConsole } from '../../console/start-console.ts';
import { type Connection, connect } from '../../db/connection.ts';
import type { JobContext } from '../../jobs/define-job.ts';
import { openQueues } from '../../jobs/queues.ts';
import type { Settings } from '../../settings/settings.ts';
import type { SourceDefinition } from '../../sources/define-source.ts';
import type { QueueBackend } from './backends.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

const account = {
  baseUrl: '',
  timezone: 'Asia/Tbilisi',
  currency: 'GEL',
  credentials: { companyToken: 'the-secret' },
  options: {},
};
/** Two accounts of one source. */
export const settings: Settings = {
  fanOut: { perRecordLimit: 2000 },
  deleteBrake: { percent: 5, rows: 20 },
  sources: [
    {
      name: 'rentprog',
      baseUrl: '',
      limits: { read: { max: 120, perMs: 60_000 }, search: { max: 30, perMs: 60_000 } },
      schedule: {},
      accounts: [
        { ...account, source: 'rentprog', name: 'tbilisi' },
        { ...account, source: 'rentprog', name: 'batumi' },
      ],
    },
  ],
};
/** One entity's name is markup. */
export const sources = new Map([
  [
    'rentprog',
    {
      entities: [
        { name: 'clients', listing: { rateClass: 'read' }, one: { rateClass: 'search' } },
        { name: '<b>odd</b>', listing: { rateClass: 'read' } },
      ],
    },
  ],
]) as unknown as Map<string, SourceDefinition>;

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Unlike `fetch` it sends any `Host` and `Origin`. */
export function ask(
  url: string,
  method = 'GET',
  headers: Record<string, string> = {},
  body: string | Uint8Array = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    asking.on('error', reject).end(body);
  });
}

export const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`anyone:${password}`).toString('base64')}`,
});

export interface TestConsole {
  /** Database and queues of the test that is running; a test may put others in. */
  context: JobContext;
  connection: Connection;
  /** Starts a console on a free port of 127.0.0.1; it is closed after the test. */
  open(options?: Partial<ConsoleOptions>): Promise<string>;
}

/** To be called inside `describe`. */
export function useConsole({ redisUrl, prefix }: QueueBackend): TestConsole {
  let database: TestDatabase;
  const consoles: Console[] = [];
  const test = {
    async open(options = {}) {
      const started = await startConsole(test.context, { host: '127.0.0.1', port: 0, ...options });
      consoles.push(started);
      return started.url;
    },
  } as TestConsole;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(() => {
    test.connection = connect({ url: database.url, onError: () => {} });
    const queues = openQueues({ redisUrl, databaseUrl: database.url, prefix, onError: () => {} });
    const log = { info() {}, warn() {}, error() {} };
    test.context = { db: test.connection.db, queues, settings, sources, log } as unknown as JobContext;
    return async () => {
      for (const open of consoles.splice(0)) await open.close();
      await queues.close();
      await test.connection.close();
    };
  });
  afterAll(() => database.drop());
  return test;
}
