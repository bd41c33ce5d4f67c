import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TelegramCall {
  path: string;
  body: { chat_id: string; text: string; parse_mode: string };
}

export interface TelegramServer {
  url: string;
  /** Calls that were answered well. */
  messages: TelegramCall[];
  /** Answers the next calls like this. */
  refuse(status: number, answer: object, times?: number): void;
  close(): Promise<void>;
}

/** The one method of https://core.telegram.org/bots/api that we use. Markup that Telegram would refuse is refused. */
export async function startTelegramServer(token: string): Promise<TelegramServer> {
  const messages: TelegramCall[] = [];
  const refusals: { status: number; answer: object }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      const answer = (status: number, body: object) =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      const refusal = refusals.shift();
      if (refusal) return answer(refusal.status, refusal.answer);
      if (request.url !== `/bot${token}/sendMessage`)
        return answer(404, { ok: false, error_code: 404, description: 'Not Found' });
      const body = JSON.parse(text) as TelegramCall['body'];
      const bad = [...body.text.matchAll(/<(?!\/?(?:b|code)>)|&(?!(?:lt|gt|amp|quot);)/g)];
      if (bad.length > 0 || body.text.length > 4096)
        return answer(400, { ok: false, error_code: 400, description: "Bad Request: can't parse entities" });
      messages.push({ path: request.url, body });
      return answer(200, { ok: true, result: {} });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    refuse(status, answer, times = 1) {
      for (let i = 0; i < times; i++) refusals.push({ status, answer });
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
