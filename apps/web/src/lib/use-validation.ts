import { useEffect, useState } from 'react';
import { useT, type Translate } from './i18n/i18n.ts';

type Issue = {
  path: PropertyKey[];
  code?: string;
  message: string;
  minimum?: number | bigint;
  maximum?: number | bigint;
  format?: string;
  input?: unknown;
};
type Schema = { safeParse(value: unknown): { success: true } | { success: false; error: { issues: Issue[] } } };
export type Validate = (value: unknown) => Record<string, string>;

/**
 * Validates with a schema of the contract that is loaded after the first paint. Until then nothing is wrong, and the server
 * checks in any case. Returns path (`context.url`) → first message, in the language being read.
 *
 *   const validate = useValidation(loadSchema);  // outside: const loadSchema = async () => (await import('@granary/contract')).x
 */
export function useValidation(load: () => Promise<Schema>): Validate {
  const t = useT();
  const [schema, setSchema] = useState<Schema | null>(null);
  useEffect(() => {
    let wanted = true;
    load().then(
      (loaded) => wanted && setSchema(() => loaded),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [load]);
  return (value) => (schema === null ? {} : findErrors(schema, value, t));
}

function findErrors(schema: Schema, value: unknown, t: Translate): Record<string, string> {
  const result = schema.safeParse(value);
  const errors: Record<string, string> = {};
  if (!result.success)
    for (const issue of result.error.issues)
      errors[issue.path.join('.')] ??= isBlankAt(value, issue.path) ? t('components.validation.required') : inWords(issue, t);
  return errors;
}

/** What is left empty is not too short: it is missing. */
function isBlankAt(value: unknown, path: readonly PropertyKey[]): boolean {
  const found = path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
  return typeof found === 'string' && found.trim() === '';
}

/** The schema's own messages are English, for the API; the page says the same in the reader's language. */
function inWords({ code, minimum, maximum, format, message }: Issue, t: Translate): string {
  if (code === 'too_small' && minimum !== undefined)
    return Number(minimum) <= 1 ? t('components.validation.required') : t('components.validation.tooShort', { n: Number(minimum) });
  if (code === 'too_big' && maximum !== undefined) return t('components.validation.tooLong', { n: Number(maximum) });
  if (code === 'invalid_format' && format === 'url') return t('components.validation.url');
  if (code === 'invalid_format' && format === 'email') return t('components.validation.email');
  if (code === 'invalid_format' || code === 'invalid_value') return t('components.validation.format');
  return code === 'invalid_type' ? t('components.validation.required') : message;
}
