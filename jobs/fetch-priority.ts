/** Webhooks, look-ups and small re-queues have none and go first; then large re-queues, what is incremental, what is full. */
export const PRIORITY = { bulk: 50, incremental: 100, full: 200 } as const;

/** More records than this, put back at once, do not go before what somebody waits for. */
export const BULK_FROM = 100;
