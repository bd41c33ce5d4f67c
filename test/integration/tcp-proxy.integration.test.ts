import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, type TestContext, test } from 'vitest';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

test('a proxy hands everything on, in order, and ends when either side does', async (context) => {
  const { proxy, ask } = await open(context);
  const one = await ask();
  one.write('a'.repeat(200_000));
  one.write('end');
  await waitFor(() => one.heard().endsWith('end'), { describe: 'all has come back' });
  expect(one.heard()).toBe(`${'a'.repeat(200_000)}end`);
  expect(proxy.passed()).toBe(2 * 200_003);
  one.socket.end();
  await once(one.socket, 'close');
  await waitFor(() => proxy.connections() === 0, { describe: 'the other side is closed too' });
});

test('a cut network ends every connection, refuses new ones, and is good again afterwards', async (context) => {
  const { proxy, ask } = await open(context);
  const before = await ask();
  const ended = new Promise((resolve) => before.socket.once('close', resolve));
  await proxy.cut();
  await ended;
  await expect(ask()).rejects.toThrow('ECONNREFUSED');
  await proxy.heal();
  const after = await ask();
  after.write('again');
  await waitFor(() => after.heard() === 'again', { describe: 'it answers' });
});

test('a frozen network keeps connections open and lets nothing through until it thaws', async (context) => {
  const { proxy, ask } = await open(context);
  const known = await ask();
  proxy.freeze();
  known.write('held');
  const late = await ask();
  late.write('back');
  await waitFor(() => proxy.connections() === 2, { describe: 'both are connected' });
  expect([known.heard(), late.heard(), proxy.passed()]).toEqual(['', '', 0]);
  await proxy.heal();
  await waitFor(() => known.heard() === 'held' && late.heard() === 'back', { describe: 'what was held arrives' });
});

test('a slow network takes its time', async (context) => {
  const { proxy, ask } = await open(context);
  const one = await ask();
  proxy.delay(60);
  const delayed = await timed(one, 'x');
  expect(delayed).toBeGreaterThanOrEqual(115);
  proxy.delay(0);
  proxy.throttle(10_000);
  expect(await timed(one, 'y'.repeat(1_000))).toBeGreaterThanOrEqual(190);
});

type Asking = Awaited<ReturnType<Awaited<ReturnType<typeof open>>['ask']>>;

async function timed(one: Asking, text: string): Promise<number> {
  const wanted = one.heard().length + text.length;
  const startedAt = performance.now();
  one.write(text);
  await waitFor(() => one.heard().length === wanted, { describe: 'it is answered', intervalMs: 1 });
  return performance.now() - startedAt;
}

/** A server that repeats what it hears, and a proxy before it. */
async function open({ onTestFinished }: TestContext) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await startTcpProxy((server.address() as AddressInfo).port);
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await proxy.close();
    server.close();
  });
  return {
    proxy,
    async ask() {
      const socket = connect(proxy.port, '127.0.0.1');
      sockets.push(socket);
      await once(socket, 'connect');
      let heard = '';
      socket.setEncoding('utf8').on('error', () => {});
      socket.on('data', (piece) => {
        heard += piece;
      });
      return { socket, heard: () => heard, write: (text: string) => void socket.write(text) };
    },
  };
}
