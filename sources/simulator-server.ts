import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a simulated vendor answers. */
export interface SimulatorReply {
  status: number;
  type: string;
  body: string | Buffer;
  headers?: Record<string, string>;
}

export interface SimulatorServer {
  /** `http://host:port` */
  origin: string;
  /** Ends the connections that are open, too. */
  close(): Promise<void>;
}

interface Served {
  host: string;
  /** 0: any free one. */
  port: number;
  /** Where the most requests at once are noted. */
  requests: { maxInFlight: number };
  /** `reset` cuts the connection off, `hold` never answers. */
  handle(request: IncomingMessage): Promise<SimulatorReply | 'reset' | 'hold'>;
}

/** The HTTP server of a simulator. */
export async function serveSimulator({ host, port, requests, handle }: Served): Promise<SimulatorServer> {
  let inFlight = 0;
  const server = createServer((request, response) => {
    requests.maxInFlight = Math.max(requests.maxInFlight, ++inFlight);
    handle(request).then(
      (reply) => {
        inFlight--;
        if (reply === 'reset') request.socket.destroy();
        else if (reply !== 'hold') send(response, reply);
      },
      (error: unknown) => {
        inFlight--;
        send(response, { status: 500, type: 'text/plain', body: `Simulator bug: ${String(error)}` });
      },
    );
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, reply: SimulatorReply): void {
  response.writeHead(reply.status, {
    'content-type': `${reply.type}; charset=utf-8`,
    'content-length': Buffer.byteLength(reply.body),
    ...reply.headers,
  });
  response.end(reply.body);
}
