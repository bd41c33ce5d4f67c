import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createCoalescer, createCoalescers } from '../../jobs/coalescer.ts';

/** Until a batch that has ended has let the next one begin. */
async function nextTurn(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/** A coalescer whose batches stay at work until told to end. */
function bench({ most = 100, atOnce = 1 } = {}) {
  const batches: { keys: number[]; end(): void; fail(error: Error): void }[] = [];
  const ask = createCoalescer<number, string>(
    (keys) =>
      new Promise((resolve, reject) => {
        batches.push({ keys, end: () => resolve((key) => `answer to ${key}`), fail: reject });
      }),
    { most, atOnce },
  );
  return { ask, batches };
}

describe('the coalescer', () => {
  test('makes one call of those that come in one moment and answers each its own', async () => {
    const { ask, batches } = bench();
    const answers = [1, 2, 3].map(ask);
    await nextTurn();
    expect(batches.map((batch) => batch.keys)).toEqual([[1, 2, 3]]);
    batches[0]?.end();
    expect(await Promise.all(answers)).toEqual(['answer to 1', 'answer to 2', 'answer to 3']);
  });

  test('gathers what comes while a batch is at work into the next', async () => {
    const { ask, batches } = bench();
    const first = ask(1);
    await nextTurn();
    const later = [2, 3].map(ask);
    await nextTurn();
    expect(batches).toHaveLength(1);
    batches[0]?.end();
    await first;
    await nextTurn();
    expect(batches[1]?.keys).toEqual([2, 3]);
    batches[1]?.end();
    await Promise.all(later);
  });

  test('keeps as many batches at work as it may, none larger than it may be', async () => {
    const { ask, batches } = bench({ most: 2, atOnce: 2 });
    const answers = [1, 2, 3, 4, 5].map(ask);
    await nextTurn();
    await nextTurn();
    expect(batches.map((batch) => batch.keys)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    batches[1]?.end();
    await answers[3];
    await nextTurn();
    expect(batches[2]?.keys).toEqual([5]);
    for (const batch of batches) batch.end();
    expect(await Promise.all(answers)).toHaveLength(5);
  });

  test('takes along what comes while the batch waits for its turn', async () => {
    const { promise: turn, resolve: begin } = Promise.withResolvers<void>();
    const batches: number[][] = [];
    const ask = createCoalescer<number, number>(
      async (keys) => {
        batches.push(keys);
        return (key) => key;
      },
      { most: 100, atOnce: 1, inTurn: (work) => turn.then(work) },
    );
    const first = ask(1);
    await nextTurn();
    const second = ask(2);
    begin();
    expect(await Promise.all([first, second])).toEqual([1, 2]);
    expect(batches).toEqual([[1, 2]]);
  });

  test('tells a failure to those of its batch alone, and goes on', async () => {
    const { ask, batches } = bench();
    const failed = [1, 2].map((key) => ask(key).catch((error: Error) => error.message));
    await nextTurn();
    const next = ask(3);
    batches[0]?.fail(new Error('the database is gone'));
    expect(await Promise.all(failed)).toEqual(['the database is gone', 'the database is gone']);
    await nextTurn();
    batches[1]?.end();
    expect(await next).toBe('answer to 3');
  });

  test('answers each of two calls for the same record', async () => {
    const { ask, batches } = bench();
    const answers = [ask(1), ask(1)];
    await nextTurn();
    for (const batch of batches) batch.end();
    expect(await Promise.all(answers)).toEqual(['answer to 1', 'answer to 1']);
  });
});

test('one a place: calls of one moment are gathered by their place, and each place is set up once', async () => {
  const batches: string[] = [];
  let made = 0;
  const ask = createCoalescers(({ source, entity }: { source: string; entity: string }) => {
    made += 1;
    return createCoalescer<number, string>(
      async (keys) => {
        batches.push(`${source} ${entity}: ${keys}`);
        return (key) => `${entity} ${key}`;
      },
      { most: 10, atOnce: 1 },
    );
  });
  const [cars, clients] = ['cars', 'clients'].map((entity) => ({ source: 'rentprog', entity }));
  const answers = await Promise.all([ask(cars!, 1), ask(clients!, 1), ask({ ...cars! }, 2)]);
  expect(answers).toEqual(['cars 1', 'clients 1', 'cars 2']);
  expect(batches).toEqual(['rentprog cars: 1,2', 'rentprog clients: 1']);
  expect(made).toBe(2);
});
