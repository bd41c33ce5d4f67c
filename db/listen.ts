import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

export interface Listening {
  url: string;
  channels: readonly string[];
  /** Called for each notification, and with an undefined payload for each channel whenever a connection begins to listen. */
  onNotice(channel: string, payload: string | undefined): void;
  onError(error: Error): void;
}

const AGAIN_MS = 1000;

/**
 * Listens on a connection of its own until it is stopped; a lost one is replaced. What is told meanwhile is lost, so
 * whoever listens looks for himself at every beginning. Resolves once the first connection listens or has failed.
 */
export async function listen({ url, channels, onNotice, onError }: Listening): Promise<{ stop(): Promise<void> }> {
  const leaving = new AbortController();
  let current: pg.Client | undefined;

  async function begin(): Promise<{ lost: Promise<void> } | undefined> {
    const client = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'pmsync-listen' });
    const lost = new Promise<void>((resolve) => client.on('end', resolve));
    client.on('error', onError);
    client.on('notification', ({ channel, payload }) => onNotice(channel, payload));
    current = client;
    try {
      await client.connect();
      for (const channel of channels) await client.query(`listen ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      await client.end().catch(() => {});
      if (!leaving.signal.aborted) onError(error as Error);
      return undefined;
    }
    for (const channel of channels) onNotice(channel, undefined);
    return { lost };
  }

  async function goOn(first: Awaited<ReturnType<typeof begin>>): Promise<void> {
    for (let listening = first; !leaving.signal.aborted; listening = await begin()) {
      await listening?.lost;
      await wait(AGAIN_MS, undefined, { signal: leaving.signal }).catch(() => {});
      if (leaving.signal.aborted) return;
    }
  }

  const loop = goOn(await begin());
  return {
    async stop() {
      leaving.abort();
      await current?.end().catch(() => {});
      await loop;
    },
  };
}
