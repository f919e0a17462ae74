import type { Dataset } from '@granary/contract';

/** What an admin decides about a dataset, apart from its categories. */
export type DatasetFields = Pick<
  Dataset,
  'title' | 'description' | 'licence' | 'guidelines' | 'terms' | 'languages' | 'normalisations' | 'dimensions' | 'policy' | 'archived'
>;

export function fieldsOf(dataset: Dataset): DatasetFields {
  const { title, description, licence, guidelines, terms, languages, normalisations, dimensions, policy, archived } = dataset;
  return { title, description, licence, guidelines, terms, languages, normalisations, dimensions, policy, archived };
}

/** A short name for addresses, from a title: "Garden questions" → "garden-questions". */
export function slugOf(title: string, max: number): string {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, max)
    .replace(/^-+|-+$/g, '');
}
