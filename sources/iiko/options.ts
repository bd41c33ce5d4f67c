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

/** How long a report may take before the day is asked for by department: servers are known to need minutes. */
const reportTimeoutSeconds = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, { error: 'Write seconds, e.g. 300' })
  .default('300');

export const options = z.strictObject({ departmentTimezones, historyFrom, reportTimeoutSeconds });
