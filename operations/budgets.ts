import type { RequestsUsed } from '../db/overview/vendor-requests.ts';
import { perMinute } from '../settings/rate.ts';
import type { SourceSettings } from '../settings/settings.ts';

/** What a vendor allows an account, and what has been used of it. */
export interface VendorBudget {
  rate_class: string;
  allowed_per_minute: number;
  /** Requests that have gone out, those that failed included. */
  last_minute: number;
  last_5_minutes: number;
}

/** Of each rate class of the source's settings. */
export function budgetsOf(
  { name: source, limits }: SourceSettings,
  account: string,
  used: readonly RequestsUsed[],
): VendorBudget[] {
  const here = used.filter((each) => each.source === source && each.account === account);
  return Object.entries(limits).map(([rateClass, limit]) => {
    const { last_minute = 0, last_5_minutes = 0 } = here.find((each) => each.rate_class === rateClass) ?? {};
    return { rate_class: rateClass, allowed_per_minute: perMinute(limit), last_minute, last_5_minutes };
  });
}
