import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentId: string;
  attributes: Record<string, string | number>;
  resource: Record<string, string | number>;
}

export interface OtlpServer {
  url: string;
  spans: ReceivedSpan[];
  /** Everything as it came, for a look at what must not be in it. */
  raw(): string;
  headers: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Receives traces as a collector does: protobuf over HTTP, https://opentelemetry.io/docs/specs/otlp/. */
export async function startOtlpServer(): Promise<OtlpServer> {
  const bodies: Buffer[] = [];
  const spans: ReceivedSpan[] = [];
  const headers: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.method !== 'POST' || request.url !== '/v1/traces') return response.writeHead(404).end();
      const body = Buffer.concat(parts);
      bodies.push(body);
      headers.push(request.headers);
      spans.push(...readSpans(body));
      return response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    raw: () => Buffer.concat(bodies).toString('utf8'),
    headers,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type Value = bigint | Buffer;

/** ExportTraceServiceRequest → resource_spans 1 → scope_spans 2 → spans 2. */
function readSpans(body: Buffer): ReceivedSpan[] {
  return messages(body, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(messages(resourceSpans, 1)[0] ?? Buffer.alloc(0), 1);
    return messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map((span) => ({
        traceId: bytes(span, 1).toString('hex'),
        spanId: bytes(span, 2).toString('hex'),
        parentId: bytes(span, 4).toString('hex'),
        name: bytes(span, 5).toString(),
        attributes: attributesOf(span, 9),
        resource,
      }));
  });
}

/** KeyValue: key 1, value 2 → AnyValue: string 1, bool 2, int 3. */
function attributesOf(message: Buffer, field: number): Record<string, string | number> {
  return Object.fromEntries(
    messages(message, field).map((pair) => {
      const value = bytes(pair, 2);
      const [, found] = fieldsOf(value)[0] ?? [];
      return [bytes(pair, 1).toString(), Buffer.isBuffer(found) ? found.toString() : Number(found)];
    }),
  );
}

function messages(message: Buffer, field: number): Buffer[] {
  return fieldsOf(message).flatMap(([number, value]) => (number === field && Buffer.isBuffer(value) ? [value] : []));
}

function bytes(message: Buffer, field: number): Buffer {
  return messages(message, field)[0] ?? Buffer.alloc(0);
}

/** The fields of a message: https://protobuf.dev/programming-guides/encoding/. */
function fieldsOf(message: Buffer): [field: number, value: Value][] {
  const fields: [number, Value][] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number) => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    if (kind === 0) fields.push([tag >> 3, varint()]);
    else if (kind === 1) fields.push([tag >> 3, take(8)]);
    else if (kind === 2) fields.push([tag >> 3, take(Number(varint()))]);
    else if (kind === 5) fields.push([tag >> 3, take(4)]);
    else throw new Error(`wire type ${kind} in a message`);
  }
  return fields;
}
