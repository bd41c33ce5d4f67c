/**
 * What can go wrong with a source, as classes a handler throws. `workers/run-job.ts` is the one place that turns a class
 * into a retry, a pause or a failure; nobody else catches one to go on.
 */
export interface SourceErrorFields {
  source?: string | undefined;
  account?: string | undefined;
  entity?: string | undefined;
  externalId?: string | undefined;
  /** HTTP status of the answer, when there was one. */
  status?: number | undefined;
  cause?: unknown;
}

export abstract class SourceError extends Error {
  /** Stable, for programs. */
  abstract readonly code: string;
  readonly fields: Omit<SourceErrorFields, 'cause'>;

  constructor(message: string, { cause, ...fields }: SourceErrorFields = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.fields = fields;
  }
}

/** The vendor asks to slow down (HTTP 429). Pauses the queue the job came from, costs no attempt. */
export class RateLimited extends SourceError {
  readonly code = 'RATE_LIMITED';
  readonly retryAfterMs: number;
  constructor(message: string, retryAfterMs: number, fields?: SourceErrorFields) {
    super(message, fields);
    this.retryAfterMs = retryAfterMs;
  }
}

/** A passing fault: network, time-out, 5xx, a body that is not what the page says. Retried with growing waits. */
export class Unavailable extends SourceError {
  readonly code = 'UNAVAILABLE';
}

/** No answer in time. A class of its own, so that a source can ask for less instead of asking again. */
export class TimedOut extends Unavailable {}

/** More in one answer than we take. Like no answer in time: a source can ask for less. */
export class TooLarge extends TimedOut {}

/** We are leaving and have cut the request off. The job goes back into the line, and it costs no attempt. */
export class Interrupted extends SourceError {
  readonly code = 'INTERRUPTED';
}

/** The credentials are refused. Not retried: a person has to look. */
export class Unauthorized extends SourceError {
  readonly code = 'UNAUTHORIZED';
}

/** The vendor understood the request and refuses it. Not retried: the same request gets the same answer. */
export class Rejected extends SourceError {
  readonly code = 'REJECTED';
}

/** The record is not at the source (any more). An outcome, not a failure. */
export class Gone extends SourceError {
  readonly code = 'GONE';
}

/** One record cannot be applied as it is. It is quarantined; its neighbours are not touched. */
export class InvalidRecord extends SourceError {
  readonly code = 'INVALID_RECORD';
}
