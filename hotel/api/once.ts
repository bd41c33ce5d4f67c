import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { ANSWERS_KEPT } from '../../db/in-house/forget-answers.ts';
import { jsonText } from '../../db/json.ts';
import { type Trx, transaction } from '../../db/transaction.ts';
import type { InTransaction } from '../bookings.ts';
import { ApiRefused } from './api-refused.ts';

export interface AskedOnce {
  /** The `Idempotency-Key`. */
  key: string | undefined;
  /** Method, route and body: another request under the same key is refused. */
  request: unknown;
  /** Keys the hash of the request. */
  cardKey: Uint8Array | undefined;
}

export interface Answered<R> {
  answer: R;
  /** Nothing was done: the same was asked before. */
  replayed: boolean;
}

/**
 * Does `work` once for a key within 24 hours; afterwards, or for one who asks at the same moment, the first one's answer
 * stands. Key, answer and the work itself are committed together; work that fails leaves the key unused.
 */
export async function once<R extends object>(
  { key, request, cardKey }: AskedOnce,
  work: (inTransaction: InTransaction) => Promise<R>,
): Promise<Answered<R>> {
  if (key === undefined) return { answer: await work(transaction), replayed: false };
  const hash = hashOf(request, cardKey);
  const inTransaction: InTransaction = (at, inner) =>
    transaction(at, async (trx) => {
      await claim(trx, key, hash);
      const result = await inner(trx);
      await sql`update hotel.api_requests set answer = ${jsonText(result)}::jsonb where key = ${key}`.execute(trx);
      return result;
    });
  try {
    return { answer: await work(inTransaction), replayed: false };
  } catch (error) {
    if (error instanceof AnsweredBefore) return { answer: error.answer as R, replayed: true };
    throw error;
  }
}

class AnsweredBefore extends Error {
  readonly answer: unknown;
  constructor(answer: unknown) {
    super('answered before');
    this.name = 'AnsweredBefore';
    this.answer = answer;
  }
}

/** Whoever comes second with the key waits here until the first has committed. */
async function claim(trx: Trx, key: string, hash: Buffer): Promise<void> {
  const claimed = await sql`
    insert into hotel.api_requests as known (key, request_hash) values (${key}, ${hash})
    on conflict (key) do update set request_hash = excluded.request_hash, answer = null, at = excluded.at
      where known.at < now() - ${ANSWERS_KEPT}
    returning key`.execute(trx);
  if (claimed.rows.length > 0) return;
  const { rows } = await sql<{ request_hash: Buffer; answer: unknown }>`
    select request_hash, answer from hotel.api_requests where key = ${key}`.execute(trx);
  if (!rows[0]?.request_hash.equals(hash)) throw new ApiRefused('KEY_REUSED');
  throw new AnsweredBefore(rows[0].answer);
}

/** A key for what a browser sends: the same content of the same showing of a form is one request. */
export function formKey(typed: unknown, cardKey: Uint8Array | undefined): string {
  return `form ${hashOf(typed, cardKey).toString('hex')}`;
}

/** Keyed, because the few possible card numbers could be tried on a plain hash. Without a key no card is taken. */
function hashOf(request: unknown, cardKey: Uint8Array | undefined): Buffer {
  const key = createHmac('sha256', cardKey ?? 'no key')
    .update('pmsync idempotency')
    .digest();
  return createHmac('sha256', key).update(JSON.stringify(request)).digest();
}
