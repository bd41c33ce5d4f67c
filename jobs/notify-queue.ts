/** A queue of its own: a mail server that does not answer holds up nothing else. */
export const NOTIFY_QUEUE = 'notify';

/** Telegram wants no more than one message a second in a chat, and takes short bursts; beyond them it says how long to wait. */
export const NOTIFY_PACE_MS = 400;
