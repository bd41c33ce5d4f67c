import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { changed, changes } from './mutations.ts';
import type { Fields } from './seed-records.ts';

/** Stands before a vendor and spoils what it sends. */
export interface SpoilingProxy {
  url: string;
  /** Ids of the records that have been changed on their way. */
  spoiled: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Every second record or so is spoiled, the same one in the same way each time it is asked for; its id stays. */
export async function startSpoilingProxy(vendor: string, seed: number): Promise<SpoilingProxy> {
  const kinds = fc.sample(
    changes.filter((made) => made.length > 0 && made.every(({ what }) => what !== 'instead' && what !== 'deepen')),
    { seed, numRuns: 200 },
  );
  const spoiled = new Set<string>();

  function spoil(record: unknown): unknown {
    const { id, ...rest } = (record ?? {}) as Fields;
    const number = Number.parseInt(hash('md5', String(id)).slice(0, 8), 16);
    if (id === undefined || Object.keys(rest).length < 2 || number % 2 === 0) return record;
    spoiled.add(String(id));
    return { ...(changed(rest, kinds[number % kinds.length]!) as Fields), id };
  }
  const spoilAll = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(spoil);
    const { data } = (value ?? {}) as Fields;
    return data === undefined ? spoil(value) : { ...(value as Fields), data: spoilAll(data) };
  };

  const server = createServer((request, response) => {
    const sent = request.pipe(new PassThrough()).toArray();
    void sent.then(async (chunks: Buffer[]) => {
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers as Record<string, string>;
      const init = {
        method: request.method ?? 'GET',
        headers,
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      };
      const answer = await fetch(vendor + request.url, init);
      const text = await answer.text();
      const isToken = /token/.test(request.url ?? '');
      const body = isToken || !/^\s*[[{]/.test(text) ? text : JSON.stringify(spoilAll(JSON.parse(text)));
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spoiled,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
