import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A network between two programs that can be made as bad as networks are. */
export interface TcpProxy {
  port: number;
  /** Connections open at this moment. */
  connections(): number;
  /** Bytes that have passed so far, both ways. */
  passed(): number;
  /** Every connection ends at once, and new ones are refused. */
  cut(): Promise<void>;
  /** Connections stay open and new ones are taken, but nothing passes: a black hole. */
  freeze(): void;
  /** Whatever is sent arrives so much later. */
  delay(ms: number): void;
  /** So many bytes a second at most, in each direction of each connection. */
  throttle(bytesPerSecond: number): void;
  /** A good network again; what was held back arrives. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** Listens on a port of 127.0.0.1 and hands on to `to` there. */
export async function startTcpProxy(to: number): Promise<TcpProxy> {
  const weather = { delayMs: 0, bytesPerSecond: 0, frozen: Promise.withResolvers<void>() };
  weather.frozen.resolve();
  const open = new Set<Socket>();
  let passed = 0;
  let port = 0;

  /** Piece by piece, so that order and back-pressure are those of the real thing. */
  async function carry(from: Socket, into: Socket): Promise<void> {
    for await (const piece of from as AsyncIterable<Buffer>) {
      if (weather.delayMs > 0) await wait(weather.delayMs);
      if (weather.bytesPerSecond > 0) await wait((piece.length / weather.bytesPerSecond) * 1000);
      await weather.frozen.promise;
      passed += piece.length;
      if (!into.write(piece)) await once(into, 'drain');
    }
    into.end();
  }

  const server: Server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: to, host: '127.0.0.1', noDelay: true });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one);
      one.once('close', () => open.delete(one));
      one.on('error', () => {});
      // One half that breaks takes the other along.
      carry(one, other).catch(() => [one, other].forEach((each) => void each.destroy()));
    }
  });
  const listen = async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const thaw = () => weather.frozen.resolve();
  const cut = async () => {
    thaw();
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    for (const socket of open) socket.resetAndDestroy();
    await closed;
  };
  await listen();
  return {
    port,
    connections: () => open.size / 2,
    passed: () => passed,
    cut,
    freeze() {
      thaw();
      weather.frozen = Promise.withResolvers<void>();
    },
    delay(ms) {
      weather.delayMs = ms;
    },
    throttle(bytesPerSecond) {
      weather.bytesPerSecond = bytesPerSecond;
    },
    async heal() {
      Object.assign(weather, { delayMs: 0, bytesPerSecond: 0 });
      thaw();
      if (!server.listening) await listen();
    },
    close: cut,
  };
}
