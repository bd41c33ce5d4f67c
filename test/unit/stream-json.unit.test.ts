import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { streamJson } from '../../cli/stream-json.ts';
import { sortIds } from '../../operations/read-ids.ts';

async function* numbers(n: number) {
  for (let i = 0; i < n; i += 1) yield { i, text: 'a "b"\n' };
}

test('an object with lists of any length comes out as JSON', async () => {
  const stream = new PassThrough({ highWaterMark: 100 });
  const reading = text(stream);
  await streamJson(stream, { equal: true, none: null, deep: { a: [1] }, empty: numbers(0), many: numbers(5000) });
  stream.end();
  const read = JSON.parse(await reading);
  expect(read).toMatchObject({ equal: true, none: null, deep: { a: [1] }, empty: [] });
  expect(read.many).toHaveLength(5000);
  expect(read.many[4999]).toEqual({ i: 4999, text: 'a "b"\n' });
});

test('a list is read no faster than it is taken', async () => {
  const stream = new PassThrough({ highWaterMark: 1000 });
  let produced = 0;
  async function* counted() {
    for await (const item of numbers(100_000)) {
      produced += 1;
      yield item;
    }
  }
  const writing = streamJson(stream, { many: counted() });
  const reader = Readable.prototype[Symbol.asyncIterator].call(stream);
  await reader.next();
  expect(produced).toBeLessThan(1000);
  stream.resume();
  await reader.return?.();
  stream.destroy();
  await Promise.race([writing.catch(() => {}), Promise.resolve()]);
});

test('what is no id is named beside the ids, each once', () => {
  expect(sortIds(['450490,450491;', ' 450490 ', 'N-77 *** 0'])).toEqual({
    ids: ['450490', '450491', 'N-77'],
    wrong: ['***', '0'],
  });
});
