import { sql } from 'kysely';

/**
 * When the sweep looks for the job of a record that no run watches over. Often enough for what the queue has lost; a job
 * that is merely waiting is left alone.
 */
export const lookedAfter = sql`clock_timestamp() + interval '20 seconds'`;
