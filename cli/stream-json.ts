import { once } from 'node:events';

/** A list that is read while it is written. */
export type Streamed = AsyncIterable<unknown>;

/**
 * Writes one JSON object whose values may be lists of any length: never more of them in memory than what the reader of the
 * output has not taken yet.
 */
export async function streamJson(
  stream: NodeJS.WritableStream,
  fields: Readonly<Record<string, unknown>>,
): Promise<void> {
  const write = async (text: string) => {
    if (!stream.write(text)) await once(stream, 'drain').catch(ignoreClosedPipe);
  };
  let first = true;
  for (const [name, value] of Object.entries(fields)) {
    await write(`${first ? '{' : ','}\n  ${JSON.stringify(name)}: `);
    first = false;
    if (isStreamed(value)) await writeList(write, value);
    else await write(JSON.stringify(value, null, 2).replaceAll('\n', '\n  '));
  }
  await write(first ? '{}\n' : '\n}\n');
}

async function writeList(write: (text: string) => Promise<void>, items: Streamed): Promise<void> {
  let first = true;
  for await (const item of items) {
    await write(`${first ? '[' : ','}\n    ${JSON.stringify(item)}`);
    first = false;
  }
  await write(first ? '[]' : '\n  ]');
}

function isStreamed(value: unknown): value is Streamed {
  return value !== null && typeof value === 'object' && Symbol.asyncIterator in value;
}

/** Whoever reads has read enough. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
