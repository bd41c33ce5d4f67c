import type { Db } from '../db/connection.ts';
import { addVendorRequests, type RequestCount } from '../db/overview/vendor-requests.ts';
import type { Logger } from '../log/create-logger.ts';

export interface RequestMeter {
  count(source: string, account: string, rateClass: string): void;
  /** Writes down what has been counted. A database that is away only costs the figures, never the sync. */
  flush(): Promise<void>;
  close(): void;
}

/** What has been counted is written down so long after the first of it at the latest. */
const FLUSH_AFTER_MS = 2000;

/** Counts the requests that this process sends to vendors: what of their budgets is used. */
export function createRequestMeter(db: Db, log: Logger): RequestMeter {
  let counts = new Map<string, RequestCount>();
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const taken = [...counts.values()];
    counts = new Map();
    await addVendorRequests(db, taken).catch((error: unknown) => {
      log.debug({ err: error }, 'requests could not be counted');
    });
  }

  return {
    count(source, account, rateClass) {
      const name = `${source} ${account} ${rateClass}`;
      const known = counts.get(name) ?? { source, account, rate_class: rateClass, requests: 0 };
      counts.set(name, { ...known, requests: known.requests + 1 });
      timer ??= setTimeout(() => void flush(), FLUSH_AFTER_MS).unref();
    },
    flush,
    close: () => clearTimeout(timer),
  };
}
