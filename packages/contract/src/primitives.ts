import * as z from 'zod';
import { limits } from './limits.ts';

export const idSchema = z.uuid().meta({ examples: ['0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11'] });
export const slugSchema = z
  .string()
  .min(2)
  .max(limits.slugMax)
  .regex(/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/, 'Use lower-case letters, digits, hyphens and underscores')
  .meta({ examples: ['granary-open'] });
export const languageSchema = z
  .string()
  .regex(/^[a-z]{2,3}$/, 'Use a BCP 47 language code such as "en"')
  .meta({ examples: ['en'] });
export const licenceSchema = z
  .string()
  .min(2)
  .max(limits.licenceMax)
  .regex(/^[A-Za-z0-9.+-]+(?: (?:OR|AND|WITH) [A-Za-z0-9.+-]+)*$/, 'Use an SPDX identifier such as "CC-BY-SA-4.0"')
  .meta({ examples: ['CC-BY-SA-4.0'] });
export const timestampSchema = z.iso.datetime().meta({ examples: ['2026-11-23T09:30:00.000Z'] });
export const dateSchema = z.iso.date().meta({ examples: ['2026-11-23'] });
export const httpUrlSchema = z
  .url({ protocol: /^https?$/, error: 'Use a full address that begins with https:// or http://' })
  .max(limits.urlMax)
  .meta({ examples: ['https://en.wikipedia.org/wiki/Granary'] });
export const emailSchema = z
  .email('Use an e-mail address such as name@example.org')
  .max(limits.emailMax)
  .transform((value) => value.toLowerCase())
  .meta({ examples: ['name@example.org'] });

/** A free-text reason that somebody else will read. */
export const reasonTextSchema = z.string().trim().min(limits.reasonMin, 'Say why, in a few words').max(limits.reasonMax);

/** `null` for "no more". Cursors are opaque. */
export const cursorSchema = z.string().min(1).max(500);
export const pageQuery = {
  cursor: cursorSchema.optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageMax).default(limits.pageDefault),
};
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
export type Page<T> = { items: T[]; nextCursor: string | null };

export const personSchema = z.object({ id: idSchema, displayName: z.string() });
export type Person = z.infer<typeof personSchema>;
