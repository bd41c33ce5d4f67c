/** A message could not be sent. The text holds no address and no secret. */
export class NotifyError extends Error {
  readonly code = 'NOT_SENT';
  /** `refused`: it will not be otherwise next time. `busy`: asked to wait so long. `passing`: try again. */
  readonly reason: 'refused' | 'busy' | 'passing';
  readonly retryAfterMs: number;

  constructor(message: string, reason: NotifyError['reason'], retryAfterMs = 0) {
    super(message);
    this.name = 'NotifyError';
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}
