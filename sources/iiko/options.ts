import { z } from 'zod';

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
};

/** `<department id>=Asia/Aqtau, <department id>=Asia/Oral` */
const departmentTimezones = z
  .string()
  .default('')
  .refine(
    (text) =>
      text
        .split(/[,;\s]+/)
        .every((pair) => pair === '' || (/^[^=]+=[^=]+$/.test(pair) && isZone(pair.split('=')[1] ?? ''))),
    { error: 'Write <department id>=<IANA zone>, several with commas between them' },
  );

/** First accounting day that a full run reads. Blank: a year ago. */
const historyFrom = z.union([z.literal(''), z.iso.date()], { error: 'Write a day, e.g. 2024-01-01' }).default('');

export const options = z.strictObject({ departmentTimezones, historyFrom });
