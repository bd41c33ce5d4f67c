/** Webhooks, look-ups and re-queues have none and go first; then what is incremental, then what is full. */
export const PRIORITY = { incremental: 100, full: 200 } as const;
