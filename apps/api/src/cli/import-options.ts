import { basename } from 'node:path';
import { columnMappingSchema, importOptionsSchema } from '@granary/contract';
import type { ColumnMapping, Dataset, ImportOptions, ImportPreview } from '@granary/contract';
import { CliError } from './errors.ts';

export type ImportFlags = {
  format?: string | undefined;
  map?: string | undefined;
  origin?: string | undefined;
  'origin-url'?: string | undefined;
  licence?: string | undefined;
  category?: string | undefined;
  language?: string | undefined;
  status?: string | undefined;
  strict?: boolean | undefined;
};

/**
 * The options of an import: what the flags say, else what the server found in the file, else what fits the dataset. Throws
 * CliError naming the flag.
 */
export function importOptions(flags: ImportFlags, file: string, dataset: Dataset, preview: ImportPreview): ImportOptions {
  const slugs = dataset.categories.map(({ slug }) => slug);
  const fallback = slugs.includes('open_qa') ? 'open_qa' : (slugs[0] ?? null);
  const parsed = importOptionsSchema.safeParse({
    format: flags.format ?? preview.format,
    mapping: readMapping(flags.map, preview.mapping),
    defaultCategory: flags.category ?? fallback,
    defaultLanguage: flags.language ?? (dataset.languages.includes('en') ? 'en' : dataset.languages[0]),
    originName: flags.origin ?? basename(file),
    originUrl: flags['origin-url'] ?? null,
    licence: flags.licence ?? dataset.licence,
    status: flags.status ?? 'in_review',
    strict: flags.strict ?? false,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CliError(`${flagNames[String(issue?.path[0])] ?? String(issue?.path[0])}: ${issue?.message}`);
}

const flagNames: Record<string, string> = {
  format: '--format',
  mapping: '--map',
  defaultCategory: '--category',
  defaultLanguage: '--language',
  originName: '--origin',
  originUrl: '--origin-url',
  licence: '--licence',
  status: '--status',
};

/** `instruction=question,response=answer`: fields that are not named keep the columns found in the file; `context=` takes none. */
export function readMapping(text: string | undefined, found: ColumnMapping | null): ColumnMapping | null {
  if (text === undefined) return found;
  const fields = Object.keys(columnMappingSchema.shape);
  const given = text.split(',').map((part) => {
    const [field = '', ...column] = part.split('=');
    if (!fields.includes(field.trim()) || column.length === 0)
      throw new CliError(`--map: "${part}" is not FIELD=COLUMN with a field of ${fields.join(', ')}.`);
    return [field.trim(), column.join('=').trim() || null] as const;
  });
  const parsed = columnMappingSchema.safeParse({ ...found, ...Object.fromEntries(given) });
  if (!parsed.success) throw new CliError('--map: name the columns of instruction and response.');
  return parsed.data;
}
