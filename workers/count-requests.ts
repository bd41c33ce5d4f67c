import type { Db } from '../db/connection.ts';
import { addVendorRequests, type CountedRequests, SPAN_MS } from '../db/vendor-requests.ts';
import type { RequestSeen } from './watch-requests.ts';

export interface RequestCounts {
  count(request: RequestSeen): void;
  /** Writes down what has been counted since; what cannot be written is kept for the next time. */
  flush(): Promise<void>;
}

/** Counts requests in memory, because one write a request would cost more than to count them. */
export function createRequestCounts(db: Db): RequestCounts {
  let counts = new Map<string, CountedRequests>();

  function add({ at, source, account, rate_class, requests }: CountedRequests): void {
    const key = `${at.getTime()} ${source} ${account} ${rate_class}`;
    const known = counts.get(key);
    if (known) known.requests += requests;
    else counts.set(key, { at, source, account, rate_class, requests });
  }

  return {
    count({ source, account, rateClass }) {
      const at = new Date(Math.floor(Date.now() / SPAN_MS) * SPAN_MS);
      add({ at, source, account, rate_class: rateClass, requests: 1 });
    },
    async flush() {
      if (counts.size === 0) return;
      const written = [...counts.values()];
      counts = new Map();
      try {
        await addVendorRequests(db, written);
      } catch (error) {
        for (const each of written) add(each);
        throw error;
      }
    },
  };
}
