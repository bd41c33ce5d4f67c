import { inspectRuby } from './ruby-inspect.ts';
import type { Settings } from './settings.ts';
import type { Fields, PayloadForm } from './types.ts';

const TIMEOUT_MS = 10_000;

/** Posts events as section 7 of the API notes has them: unsigned, not repeated, in no particular order. */
export function createWebhooks(settings: Settings) {
  const counts = { sent: 0, failed: 0 };
  const underway = new Set<Promise<void>>();

  async function post(url: string, body: string): Promise<void> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal,
      });
      await response.arrayBuffer();
      if (response.ok) counts.sent++;
      else counts.failed++;
    } catch {
      counts.failed++;
    }
  }

  return {
    counts,
    send(branch: number, event: string, payload: Fields): void {
      const name = settings.branches[branch]?.name;
      const url = name === undefined ? '' : settings.webhookUrl?.(name);
      if (!url) return;
      const body = JSON.stringify({ event, payload: formed(payload, settings.payloadForm) });
      const sending: Promise<void> = post(url, body).finally(() => underway.delete(sending));
      underway.add(sending);
    },
    async settled(): Promise<void> {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}

export type Webhooks = ReturnType<typeof createWebhooks>;

function formed(payload: Fields, form: PayloadForm): Fields | string {
  switch (form) {
    case 'ruby':
      return inspectRuby(payload);
    case 'json-string':
      return JSON.stringify(payload);
    case 'object':
      return payload;
  }
}
