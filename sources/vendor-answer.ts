/** What a vendor answered, before anybody knows what to make of it. */
export interface VendorAnswer {
  status: number;
  /** `Content-Type`, blank when there was none. */
  contentType: string;
  /** The body as it came, unpacked. */
  bytes: Uint8Array;
  /** The body as text: UTF-8 without its mark; what is no UTF-8 becomes U+FFFD. Made when it is asked for: a page of records is read from its bytes. */
  readonly body: string;
  /** `Retry-After` as it came. */
  retryAfter?: string | undefined;
}

export function vendorAnswer(answer: Omit<VendorAnswer, 'body'>): VendorAnswer {
  let text: string | undefined;
  return {
    ...answer,
    get body() {
      text ??= textOf(answer.bytes);
      return text;
    },
  };
}

const decoder = new TextDecoder();

/** See `VendorAnswer.body`. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
