import { type AddressInfo, isIPv6 } from 'node:net';
import { fastify } from 'fastify';
import { Registry } from 'prom-client';
import { checkHost } from '../access/check-host.ts';
import { isLoopback } from '../access/loopback.ts';
import { refusedListen } from '../console-refused.ts';
import { processMetrics } from './process-metrics.ts';

export interface MetricsServer {
  url: string;
  close(): Promise<void>;
}

/**
 * `/metrics` and `/healthz` of a process without a console. They have no password: on another host than this machine's
 * own, keep them inside a private network. `port` 0 takes a free one.
 */
export async function startMetricsServer(
  registries: readonly Registry[],
  { host, port }: { host: string; port: number },
): Promise<MetricsServer> {
  const app = fastify();
  if (isLoopback(host)) checkHost(app, { listening: host, hasPassword: false });
  const all = Registry.merge([processMetrics(), ...registries]);
  app.get('/healthz', { config: { open: true } }, async () => ({ ok: true }));
  app.get('/metrics', async (_, reply) => reply.type(all.contentType).send(await all.metrics()));
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw refusedListen(error, host, port, 'METRICS_') ?? error;
  }
  const { port: taken } = app.server.address() as AddressInfo;
  return { url: `http://${isIPv6(host) ? `[${host}]` : host}:${taken}`, close: () => app.close() };
}
