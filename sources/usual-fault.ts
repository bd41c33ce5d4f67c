import { RequestError, TimeoutError } from 'got';
import {
  RateLimited,
  Rejected,
  type SourceError,
  type SourceErrorFields,
  TimedOut,
  Unauthorized,
  Unavailable,
} from './errors.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { VendorAnswer } from './vendor-answer.ts';

const SECOND = 1000;

export interface FaultContext extends SourceErrorFields {
  /** Method and path, without the query. */
  what: string;
  /** Must not turn up in a message. */
  secrets: readonly string[];
}

/** What an answer stands for at most vendors: undefined for a good one. A source with other habits has its own `faultOf`. */
export function usualFault(answer: VendorAnswer, { what, secrets, ...rest }: FaultContext): SourceError | undefined {
  const { status } = answer;
  const fields = { ...rest, status };
  if (status >= 200 && status < 300) return undefined;
  const said = vendorMessage(answer.body, secrets);
  if (status === 429) {
    const waitMs = parseRetryAfter(answer.retryAfter, Date.now());
    return new RateLimited(`${what}: asked to wait ${Math.ceil(waitMs / SECOND)} s (429)`, waitMs, fields);
  }
  if (status === 401) return new Unauthorized(`${what}: not authorized (401)${said}`, fields);
  if (status === 403) return new Unauthorized(`${what}: forbidden (403)${said}. Check what this key may do.`, fields);
  if (status >= 500 || status === 408) return new Unavailable(`${what}: answered ${status}${said}`, fields);
  if (status >= 300 && status < 400) {
    const message = `${what}: redirects elsewhere (${status}); credentials are not sent after it. Correct baseUrl.`;
    return new Rejected(message, fields);
  }
  return new Rejected(`${what}: refused with ${status}${said}`, fields);
}

export function networkFault(error: unknown, what: string, fields: SourceErrorFields): Unavailable {
  const code = error instanceof RequestError ? error.code : 'unknown fault';
  // The library's error is not passed on as cause: it holds headers, the form and the whole URL.
  if (error instanceof TimeoutError) return new TimedOut(`${what}: no answer in time (${code})`, fields);
  return new Unavailable(`${what}: no answer (${code})`, fields);
}

/** The vendor's own words, when it sends any as JSON, shortened and without our secrets. */
function vendorMessage(body: string, secrets: readonly string[]): string {
  if (body.length > 100_000 || !/^\s*[{[]/.test(body)) return '';
  try {
    const { error, errors, message } = JSON.parse(body) as Record<string, unknown>;
    const text = [error, message, ...(Array.isArray(errors) ? errors : [errors])]
      .filter((part) => typeof part === 'string')
      .join('; ');
    const clean = secrets.reduce((said, secret) => said.replaceAll(secret, '[redacted]'), text);
    return clean && `: ${clean.slice(0, 200)}`;
  } catch {
    return '';
  }
}
