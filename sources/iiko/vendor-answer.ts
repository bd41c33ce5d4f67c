/** What the vendor answered, before anybody knows what to make of it. */
export interface VendorAnswer {
  status: number;
  /** `Content-Type`, blank when there was none. */
  contentType: string;
  body: string;
}

/** What this source needs of the core's HTTP besides `getJson`; see source.draft.md. One call is one request. */
export interface TextHttp {
  get(path: string, query?: readonly (readonly [string, string])[]): Promise<VendorAnswer>;
  /** `body` is sent as JSON. */
  post(path: string, body: unknown): Promise<VendorAnswer>;
}
