import { useState } from 'react';
import type { Dataset, Import, ImportOptions } from '@granary/contract';
import { useValidation } from '../../lib/use-validation.ts';

const loadSchema = async () => (await import('@granary/contract')).importOptionsSchema;

/** What will be asked of the import: as it was asked before, or sensible beginnings for a new file. */
export function useImportOptions(given: Import, dataset: Dataset) {
  const [options, setOptions] = useState<ImportOptions>(
    () =>
      given.options ?? {
        format: given.format,
        mapping: null,
        defaultCategory: dataset.categories.find(({ slug }) => slug === 'open_qa')?.slug ?? dataset.categories[0]?.slug ?? null,
        defaultLanguage: dataset.languages[0] ?? 'en',
        originName: given.fileName.replace(/\.(jsonl|ndjson|json|csv|tsv|gz)/gi, ''),
        originUrl: null,
        licence: '',
        status: 'in_review',
        changedRows: 'report',
        strict: false,
      },
  );
  const errors = useValidation(loadSchema)(options);
  const change = (changes: Partial<ImportOptions>) => setOptions((before) => ({ ...before, ...changes }));
  return { options, change, errors };
}
