/** A queue of its own: a mail server that does not answer holds up nothing else. */
export const NOTIFY_QUEUE = 'notify';

/** Telegram takes one message a second in a chat. */
export const NOTIFY_PACE_MS = 1100;
