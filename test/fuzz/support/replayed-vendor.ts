import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import type { Account, SourceDefinition } from '../../../sources/define-source.ts';
import { connectSource, type SourceConnection } from '../../../sources/http.ts';
import { simulatedAccounts } from '../../support/simulated-accounts.ts';

export interface SentAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** The connection breaks before the end. */
  breaks?: boolean;
}

/** What a simulator has answered once, answered again by a real HTTP server, as it was or spoiled. */
export interface ReplayedVendor {
  account: Account;
  /** Requests it has an answer for, `GET /all_clients`. */
  known: string[];
  /** From now on the answers to this request are spoiled. */
  spoil(request: string, how: (answer: SentAnswer) => SentAnswer): void;
  close(): Promise<void>;
}

/** `visit` asks for everything that is to be known; what is asked later is answered from it, whatever the query. */
export async function replayVendor(
  source: SourceDefinition,
  visit: (account: Account, connection: SourceConnection) => Promise<void>,
): Promise<ReplayedVendor> {
  const simulation = await source.simulate!({ records: 20, seed: 5 });
  const answers = new Map<string, SentAnswer>();
  let spoiled: { request: string; how: (answer: SentAnswer) => SentAnswer } | undefined;
  let record: string | undefined = simulation.baseUrl;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://vendor');
    const body = request.pipe(new PassThrough()).toArray();
    void body.then(async (chunks: Buffer[]) => {
      // iiko asks for different reports under one address.
      const report = chunks.length > 0 ? ` ${hash('md5', Buffer.concat(chunks))}` : '';
      const name = `${request.method} ${url.pathname}${report}`;
      if (record !== undefined && !answers.has(name)) answers.set(name, await forward(record, url, chunks));
      const known = answers.get(name) ?? { status: 404, headers: {}, body: Buffer.from('{}') };
      const { status, headers, body: sent, breaks } = spoiled?.request === name ? spoiled.how(known) : known;
      response.writeHead(status, headers);
      if (breaks) response.write(sent, () => response.destroy());
      else response.end(sent);
    });

    async function forward(base: string, { pathname, search }: URL, chunks: Buffer[]): Promise<SentAnswer> {
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers as Record<string, string>;
      const init = {
        method: request.method ?? 'GET',
        headers,
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      };
      const answer = await fetch(base + pathname + search, init);
      const type = answer.headers.get('content-type') ?? 'application/json';
      return {
        status: answer.status,
        headers: { 'content-type': type },
        body: Buffer.from(await answer.arrayBuffer()),
      };
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [first] = simulatedAccounts(source, simulation) as [Account];
  const account = { ...first, baseUrl };
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const connection = connectSource(source, account);
  try {
    await visit(account, connection);
  } catch (error) {
    await close();
    throw error;
  } finally {
    await connection.endSession();
    connection.close();
    record = undefined;
    await simulation.close();
  }
  return {
    account,
    known: [...answers.keys()],
    spoil(request, how) {
      spoiled = { request, how };
    },
    close,
  };
}
