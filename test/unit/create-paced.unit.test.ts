import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createPaced } from '../../workers/create-paced.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function bench(work: (at: string) => Promise<boolean> = async () => false) {
  const done: string[] = [];
  const errors: unknown[] = [];
  const paced = createPaced<{ at: string }>(
    ({ at }) => {
      done.push(at);
      return work(at);
    },
    { everyMs: 1000, onError: (error) => errors.push(error) },
  );
  return { done, errors, ...paced };
}

describe('paced work', () => {
  test('begins at once, and what is asked for in the moment after that is done as one at its end', async () => {
    const { done, ask } = bench();
    await ask({ at: 'clients' });
    expect(done).toEqual(['clients']);
    await ask({ at: 'clients' });
    await ask({ at: 'clients' });
    await vi.advanceTimersByTimeAsync(999);
    expect(done).toEqual(['clients']);
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toEqual(['clients', 'clients']);
    await vi.advanceTimersByTimeAsync(5000);
    expect(done).toHaveLength(2);
  });

  test('of one place does not wait for that of another', async () => {
    const { done, ask } = bench();
    await ask({ at: 'clients' });
    await ask({ at: 'cars' });
    expect(done).toEqual(['clients', 'cars']);
  });

  test('that was asked for is done now when no more will come', async () => {
    const { done, ask, hurry } = bench();
    await ask({ at: 'clients' });
    hurry();
    expect(done).toHaveLength(1);
    await ask({ at: 'clients' });
    hurry();
    expect(done).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(5000);
    expect(done).toHaveLength(2);
  });

  test('tells the one who asked when it fails at once, and somebody else later', async () => {
    const { errors, ask } = bench(async (at) => {
      throw new Error(at);
    });
    await expect(ask({ at: 'clients' })).rejects.toThrow('clients');
    await ask({ at: 'clients' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(errors).toEqual([new Error('clients')]);
  });

  test('goes on at the end of the moment while something is left over', async () => {
    const left = [true, true, false];
    const { done, ask } = bench(async () => left.shift() ?? false);
    await ask({ at: 'clients' });
    expect(done).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(done).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(5000);
    expect(done).toHaveLength(3);
  });

  test('that is closed is begun, waited for, and waits for nothing any more', async () => {
    const ends: (() => void)[] = [];
    const { done, ask, close } = bench(() => new Promise((resolve) => ends.push(() => resolve(true))));
    void ask({ at: 'clients' });
    await ask({ at: 'clients' });
    let isClosed = false;
    const closing = close().then(() => {
      isClosed = true;
    });
    expect(done).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(isClosed).toBe(false);
    for (const end of ends) end();
    await closing;
    void ask({ at: 'clients' });
    void ask({ at: 'clients' });
    expect(done).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(5000);
    expect(done).toHaveLength(4);
  });
});
