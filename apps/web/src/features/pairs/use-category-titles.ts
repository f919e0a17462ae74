import { useQueries } from '@tanstack/react-query';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';

/** Titles of the categories of these datasets, by dataset and category slug; of what has arrived so far. */
export function useCategoryTitles(datasets: readonly string[]): {
  titleOf: (dataset: string, category: string) => string;
  slugs: string[];
} {
  const queries = useQueries({
    queries: [...new Set(datasets)].map((slug) => ({ ...apiQuery(endpoints.datasets.get, { params: { slug } }), staleTime: Infinity })),
  });
  const titles = new Map(
    queries.flatMap(({ data }) => data?.categories.map(({ slug, title }) => [`${data.slug}/${slug}`, title] as const) ?? []),
  );
  return {
    titleOf: (dataset, category) => titles.get(`${dataset}/${category}`) ?? category.replaceAll('_', ' '),
    slugs: [...new Set(queries.flatMap(({ data }) => data?.categories.map(({ slug }) => slug) ?? []))],
  };
}
