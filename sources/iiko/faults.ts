import { RateLimited, Rejected, type SourceError, Unauthorized, Unavailable } from '../errors.ts';
import type { FaultContext } from '../usual-fault.ts';
import type { VendorAnswer } from '../vendor-answer.ts';

const MINUTE = 60_000;
/** A taken licence is given back when somebody logs out or his hour is over; asking more often helps nobody. */
export const LICENCE_WAIT_MS = 5 * MINUTE;
const MOST_WORDS = 200;

/**
 * README.md §3. The error that an answer stands for, undefined for a good one. Errors are plain text, the whole body
 * being the message. HTML is never an answer of the API, whatever its status: a proxy, or a server that is starting.
 */
export function faultOf(answer: VendorAnswer, { what, secrets, ...rest }: FaultContext): SourceError | undefined {
  const { status } = answer;
  const fields = { ...rest, status };
  if (isHtml(answer))
    return new Unavailable(`${what}: answered an HTML page (${status}); the server may be starting`, fields);
  if (status >= 200 && status < 300) return undefined;
  const said = wordsOf(answer.body, secrets);
  if (status === 401) return new Unauthorized(`${what}: not authorized (401)${said}`, fields);
  if (status === 403 && isLicenceTaken(answer.body)) {
    const minutes = LICENCE_WAIT_MS / MINUTE;
    return new RateLimited(
      `${what}: every API connection of the licence is taken (403); trying again in ${minutes} min. Close the other program, or get a licence of its own for pmsync.`,
      LICENCE_WAIT_MS,
      fields,
    );
  }
  if (status === 403)
    return new Unauthorized(`${what}: forbidden (403)${said}. The user needs the rights B_EN and B_ADM.`, fields);
  if (status >= 500 || status === 408) return new Unavailable(`${what}: answered ${status}${said}`, fields);
  if (status === 404)
    return new Rejected(
      `${what}: unknown path (404). Check baseUrl, which ends in /resto/api, and the server's version.`,
      fields,
    );
  return new Rejected(`${what}: refused with ${status}${said}`, fields);
}

const isHtml = ({ contentType, body }: VendorAnswer): boolean =>
  contentType.includes('text/html') || /^\s*<(!doctype html|html)/i.test(body);

export const isLicenceTaken = (body: string): boolean => /no connections available|license enhancement/i.test(body);

/** The vendor's own words, on one line, shortened and without our secrets. */
function wordsOf(body: string, secrets: readonly string[]): string {
  const clean = secrets
    .filter((secret) => secret.length > 3)
    .reduce((text, secret) => text.replaceAll(secret, '[redacted]'), body.slice(0, 10 * MOST_WORDS))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return clean && `: ${clean.slice(0, MOST_WORDS)}`;
}
