import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { TraceRequest } from '../../workers/watch-requests.ts';

/** A span for each request to a vendor. Its address is left out: paths and queries hold secrets and ids. */
export function traceRequests(tracer: Tracer): TraceRequest {
  return ({ source, account, rateClass }, send) => {
    const attributes = { 'pmsync.source': source, 'pmsync.account': account, 'pmsync.rate_class': rateClass };
    return tracer.startActiveSpan(`request ${source}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      try {
        return await send((status) => {
          const code = Number(status);
          if (code) span.setAttribute('http.response.status_code', code);
          if (!code || code >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
        });
      } finally {
        span.end();
      }
    });
  };
}
