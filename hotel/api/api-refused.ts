const REFUSALS = {
  KEY_REUSED: {
    status: 422,
    field: 'Idempotency-Key',
    en: 'This key was used for another request. Take a new one.',
    ru: 'Этот ключ уже использован для другого запроса. Возьмите новый.',
  },
  KEY_INVALID: {
    status: 400,
    field: 'Idempotency-Key',
    en: 'The key has 1 to 200 printable ASCII characters.',
    ru: 'Ключ: от 1 до 200 печатных знаков ASCII.',
  },
  VERSION_MISSING: {
    status: 428,
    field: 'If-Match',
    en: 'Send the ETag of the record that you have read as If-Match, or * for whatever it is now.',
    ru: 'Пришлите ETag прочитанной записи в If-Match или *, если подходит любая.',
  },
  VERSION_OTHER: {
    status: 412,
    field: 'If-Match',
    en: 'If-Match is no ETag of this record. Read it again.',
    ru: 'If-Match не от этой записи. Прочитайте её снова.',
  },
} as const;

export type ApiRefusal = keyof typeof REFUSALS;

/** What a program asked in a way that cannot be answered; a rule of the hotel is a `HotelRule`. */
export class ApiRefused extends Error {
  readonly code: ApiRefusal;
  readonly status: number;
  readonly field: string;
  readonly messages: Readonly<Record<'en' | 'ru', string>>;

  constructor(code: ApiRefusal) {
    const { status, field, en, ru } = REFUSALS[code];
    super(en);
    this.name = 'ApiRefused';
    this.code = code;
    this.status = status;
    this.field = field;
    this.messages = { en, ru };
  }
}
