import { z } from 'zod';

/** A text field; what was left empty counts as not given. */
export const optionalText = z
  .string()
  .trim()
  .transform((text) => text || undefined)
  .optional();

/** A box that was ticked (`on`), or a JSON boolean. */
export const ticked = z
  .union([z.boolean(), z.enum(['on', 'true', 'false', ''])])
  .transform((value) => value === true || value === 'on' || value === 'true')
  .default(false);

/** One or several of a name: a form sends a single one as a text. */
export const texts = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [value]))
  .default([]);

export const day = z.iso.date();
export const limit = (most: number) => z.coerce.number().int().min(1).max(most).default(Math.min(50, most));

/** What a form leaves empty counts as not given. */
export const given = <S extends z.ZodType>(schema: S) =>
  z.union([z.literal('').transform(() => undefined), schema]).optional();
