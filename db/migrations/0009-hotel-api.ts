import { type Kysely, sql } from 'kysely';

/** What was asked for under an `Idempotency-Key`, and its answer: a request that is sent again changes nothing again. */
const statements = [
  `create table hotel.api_requests (
    key text primary key,
    -- Keyed (HMAC): a request may hold a card number.
    request_hash bytea not null,
    answer jsonb,
    at timestamptz not null default now()
  )`,
  'create index api_requests_at_idx on hotel.api_requests (at)',
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
