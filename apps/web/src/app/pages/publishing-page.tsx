import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { Dataset } from '@granary/contract';
import { LinkButton } from '../../components/button.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { ListSkeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { PlanForm } from '../../features/publish/components/plan-form.tsx';
import { WebhookList } from '../../features/publish/components/webhook-list.tsx';
import { apiUrl, endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { WithDataset } from './with-dataset.tsx';

/** Where an admin has a dataset publish by itself, and says who is told. */
export default function PublishingPage() {
  const { slug = '' } = useParams();
  return <WithDataset slug={slug}>{(dataset) => <Publishing dataset={dataset} />}</WithDataset>;
}

function Publishing({ dataset }: { dataset: Dataset }) {
  const t = useT();
  const params = { slug: dataset.slug };
  const plan = useQuery(apiQuery(endpoints.publishing.plan, { params }));
  const feed = new URL(apiUrl(endpoints.publishing.feed, { params }), window.location.href).href;
  return (
    <>
      <PageHeader
        title={t('publish.byItself')}
        kicker={dataset.title}
        standfirst={t('publish.byItselfStandfirst')}
        actions={<LinkButton to={paths.publish.to(dataset.slug)}>{t('publish.byHand')}</LinkButton>}
      />
      <Section title={t('publish.plan')}>
        {plan.isPending && <ListSkeleton rows={3} />}
        {plan.isError && <ErrorState error={plan.error} onRetry={plan.refetch} />}
        {plan.data !== undefined && <PlanForm key={plan.data.setAt} dataset={dataset} publishing={plan.data} />}
      </Section>
      <Section title={t('publish.webhooks')}>
        <WebhookList slug={dataset.slug} />
      </Section>
      <Section title={t('publish.feed')}>
        <div className="stack gap-3">
          <p className="soft">{t('publish.feedText')}</p>
          <CodeBlock label={t('publish.feed')} code={feed} />
        </div>
      </Section>
    </>
  );
}
