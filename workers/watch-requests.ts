import type { AroundRequest } from '../sources/http.ts';
import type { Measures } from './measures.ts';
import type { RequestMeter } from './request-meter.ts';

/** One request to a vendor, without anything of its address. */
export interface RequestSeen {
  source: string;
  account: string;
  rateClass: string;
}

/** Runs a request inside a span of a trace; `end` names how it was answered. */
export type TraceRequest = <T>(request: RequestSeen, send: (end: (status: string) => void) => Promise<T>) => Promise<T>;

const untraced: TraceRequest = (_, send) => send(() => {});
const NO_ANSWER = 'none';

/** Counts, measures and traces what an account sends to its vendor. `sessionClass`: whose budget opening a session uses. */
export function watchRequests(
  { source, account, sessionClass }: { source: string; account: string; sessionClass: string },
  {
    meter,
    measures,
    trace = untraced,
  }: { meter: Pick<RequestMeter, 'count'>; measures: Measures; trace?: TraceRequest | undefined },
): AroundRequest {
  return (rateClass = sessionClass, send) => {
    const request: RequestSeen = { source, account, rateClass };
    meter.count(source, account, rateClass);
    return trace(request, async (end) => {
      const startedAt = performance.now();
      let status = NO_ANSWER;
      try {
        const answer = await send();
        status = String(answer.status);
        return answer;
      } finally {
        end(status);
        measures.requestEnded(request, status, performance.now() - startedAt);
      }
    });
  };
}
