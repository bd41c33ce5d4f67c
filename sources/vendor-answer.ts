/** What a vendor answered, before anybody knows what to make of it. */
export interface VendorAnswer {
  status: number;
  /** `Content-Type`, blank when there was none. */
  contentType: string;
  body: string;
  /** `Retry-After` as it came. */
  retryAfter?: string | undefined;
}
