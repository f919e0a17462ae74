import * as z from 'zod';
import { limits } from './limits.ts';

type TextOptions = {
  max: number;
  min?: number;
  /** Message for a text shorter than `min`. */
  tooShort?: string;
  /** Leaves out blanks at both ends before the length is checked. */
  trim?: boolean;
  /** Blanks at both ends stay, and count for `max` only: what is blank is empty. */
  exact?: boolean;
};

/** A pattern, so that the OpenAPI document tells it, too. */
const withoutNul = new RegExp(`^[^${String.raw`\u0000`}]*$`);

/**
 * Any text in a request: bounded, and free of what PostgreSQL cannot store (NUL, lone surrogates). Every string that is not
 * limited to a list or a pattern comes from here; a test walks the contract to make sure.
 */
export function text({ max, min = 0, tooShort, trim = false, exact = false }: TextOptions): z.ZodString {
  let schema = z.string();
  if (trim) schema = schema.trim();
  const message = tooShort ?? (min === 1 ? 'Must not be empty' : `At least ${min} characters`);
  if (min > 0 && exact) schema = schema.refine((value) => value.trim().length >= min, message).meta({ minLength: min });
  else if (min > 0) schema = schema.min(min, message);
  return schema
    .max(max, `At most ${max} characters`)
    .regex(withoutNul, 'Contains a NUL character (U+0000); remove it')
    .refine((value) => value.isWellFormed(), 'Contains half of a character (a lone surrogate); remove it');
}

type IntegerOptions = { min: number; max?: number };

/** Any whole number in a JSON body. Without `max`, the greatest that a database integer holds. */
export function integer({ min, max = limits.integerMax }: IntegerOptions): z.ZodInt {
  return z.int().min(min).max(max);
}

/** A number as an address spells it; anything else stays as it is, for the schema behind it to refuse. */
const readNumber = (value: unknown) => (typeof value === 'string' && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value) ? Number(value) : value);

/** `integer` in a path or a query: decimal digits, nothing else. */
export function integerInAddress(options: IntegerOptions) {
  return z.preprocess(readNumber, integer(options));
}

/** Any number in a path or a query. */
export function numberInAddress({ min, max }: { min: number; max: number }) {
  return z.preprocess(readNumber, z.number().min(min).max(max));
}

/** A switch in an address or a form: `true` or `1`, as each client spells it. */
export const switchInAddressSchema = z.preprocess((value) => {
  const spelled = z.stringbool().safeParse(value);
  return spelled.success ? spelled.data : value;
}, z.boolean());

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
/** A day that the database knows: it has no year 0. */
export const dateSchema = z.iso
  .date()
  .refine((value) => !value.startsWith('0000'), 'Use a day from the year 1 on')
  .meta({ examples: ['2026-11-23'] });
export const httpUrlSchema = z
  .url({ protocol: /^https?$/, error: 'Use a full address that begins with https:// or http://' })
  .max(limits.urlMax, `At most ${limits.urlMax} characters`)
  // The URL parser encodes these, but what was sent is what is kept.
  .refine((value) => !/[\s\p{Cc}]/u.test(value), 'Contains a blank or a control character; encode it, as in %20')
  .refine((value) => value.isWellFormed(), 'Contains half of a character (a lone surrogate); remove it')
  .meta({ examples: ['https://en.wikipedia.org/wiki/Granary'] });
export const emailSchema = z
  .email('Use an e-mail address such as name@example.org')
  .max(limits.emailMax)
  .transform((value) => value.toLowerCase())
  .meta({ examples: ['name@example.org'] });

/** A free-text reason that somebody else will read. */
export const reasonTextSchema = text({
  min: limits.reasonMin,
  max: limits.reasonMax,
  tooShort: 'Say why, in a few words',
  trim: true,
});

/** What is searched for. */
export const searchSchema = text({ max: limits.searchMax, trim: true });

/** `null` for "no more". Cursors are opaque. */
export const cursorSchema = text({ min: 1, max: limits.cursorMax });
export const pageQuery = {
  cursor: cursorSchema.optional(),
  limit: integerInAddress({ min: 1, max: limits.pageMax }).default(limits.pageDefault),
};
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
export type Page<T> = { items: T[]; nextCursor: string | null };

/** Scores of 1–5 by the slug of a rating dimension. */
export const scoresSchema = z
  .record(slugSchema, z.int().min(1).max(5))
  .refine((scores) => Object.keys(scores).length <= limits.ratingsMax, `At most ${limits.ratingsMax} dimensions`)
  .meta({ maxProperties: limits.ratingsMax });

export const personSchema = z.object({ id: idSchema, displayName: z.string() });
export type Person = z.infer<typeof personSchema>;
