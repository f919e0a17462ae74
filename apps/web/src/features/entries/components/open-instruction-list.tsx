import { useInfiniteQuery } from '@tanstack/react-query';
import { MessageSquareReply } from 'lucide-react';
import { languageNames, type Dataset, type OpenInstruction } from '@granary/contract';
import { LinkButton } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { Badge } from '../../../components/status-badge.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiPages, flatPages } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import './contribution-list.css';

/** Approved instructions that wait for an answer. */
export function OpenInstructionList({
  dataset,
  category,
  language,
}: {
  dataset: Dataset;
  category: string | undefined;
  language: string | undefined;
}) {
  const t = useT();
  const query = useInfiniteQuery(
    apiPages(endpoints.entries.openInstructions, { params: { slug: dataset.slug }, query: { category, language } }),
  );
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const items = flatPages<OpenInstruction>(query.data);
  if (items.length === 0) {
    return (
      <EmptyState
        title={t('entries.open.empty.title')}
        action={
          <LinkButton variant="primary" to={paths.write.to(dataset.slug)}>
            {t('entries.open.empty.action')}
          </LinkButton>
        }
      >
        {t('entries.open.empty.text')}
      </EmptyState>
    );
  }
  const titles = new Map(dataset.categories.map(({ slug, title }) => [slug, title]));
  return (
    <>
      <ol className="open-instructions">
        {items.map((item) => (
          <li key={item.id} className="open-instruction">
            <div className="cluster gap-2">
              <Badge>{titles.get(item.category) ?? item.category}</Badge>
              <Badge>{languageNames[item.language as keyof typeof languageNames] ?? item.language}</Badge>
              {item.responsesInReview > 0 && (
                <span className="small faint">{t('entries.open.inReview', { n: item.responsesInReview })}</span>
              )}
            </div>
            <p className="contribution-title" dir="auto" lang={item.language}>
              {item.text}
            </p>
            {item.context !== null && (
              <p className="contribution-text serif" dir="auto" lang={item.language}>
                {item.context}
              </p>
            )}
            <div>
              <LinkButton size="small" icon={<MessageSquareReply aria-hidden />} to={paths.respond.to(item.id)}>
                {t('entries.open.answer')}
              </LinkButton>
            </div>
          </li>
        ))}
      </ol>
      <LoadMore shown={items.length} {...query} />
    </>
  );
}
