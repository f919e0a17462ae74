import { useQuery } from '@tanstack/react-query';
import type { DatasetSummary } from '@granary/contract';
import { LinkButton } from '../../components/button.tsx';
import { useDocumentTitle } from '../../components/document-title.ts';
import { Notice } from '../../components/notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { PageSkeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { Figures } from '../../features/home/components/figures.tsx';
import { LoadingLines } from '../../features/home/components/loading-lines.tsx';
import { Needs } from '../../features/home/components/needs.tsx';
import { Specimen } from '../../features/home/components/specimen.tsx';
import { WaitingList } from '../../features/home/components/waiting-list.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { useSession } from '../../lib/session.ts';
import '../../features/home/components/home.css';

/** What waits for the person in front of the page; for a stranger, what this is and what they can do. */
export default function HomePage() {
  const { user, loading } = useSession();
  if (loading) return <PageSkeleton />;
  return user === null ? <StrangersHome /> : <OwnHome name={user.displayName} />;
}

function OwnHome({ name }: { name: string }) {
  const t = useT();
  const first = useFirstDataset();
  return (
    <>
      <PageHeader
        title={t('home.own.title', { name })}
        actions={
          <>
            <LinkButton to={paths.review.to()}>{t('home.own.review')}</LinkButton>
            <LinkButton variant="primary" to={paths.contribute.to()}>
              {t('home.write')}
            </LinkButton>
          </>
        }
      />
      <Section title={t('home.waiting.title')}>
        <WaitingList />
      </Section>
      {first !== undefined && <Needs dataset={first} />}
      <div className="home-figures">
        <Figures />
      </div>
    </>
  );
}

/** The dataset that the page speaks of: the first that takes contributions, the demo last. */
function useFirstDataset(): DatasetSummary | undefined {
  const { data } = useQuery(apiQuery(endpoints.datasets.list));
  const open = data?.items.filter(({ archived }) => !archived);
  return open?.find(({ isDemo }) => !isDemo) ?? open?.[0];
}

function StrangersHome() {
  const t = useT();
  useDocumentTitle(t('home.title'));
  const { setupNeeded } = useSession();
  const first = useFirstDataset();
  return (
    <>
      {setupNeeded && (
        <div className="home-setup">
          <Notice tone="warning" title={t('home.setup.title')}>
            {t('home.setup.text')}
          </Notice>
        </div>
      )}
      <div className="hero">
        <div className="hero-text">
          <h1 tabIndex={-1}>{t('home.title')}</h1>
          <p className="standfirst">{t('home.standfirst')}</p>
          <div className="cluster">
            <LinkButton variant="primary" to={paths.contribute.to()}>
              {t('home.write')}
            </LinkButton>
            <LinkButton to={paths.browse.to()}>{t('home.browse')}</LinkButton>
          </div>
        </div>
        <Specimen dataset={first} />
      </div>
      <Figures />
      <Section title={t('home.how.title')}>
        <ol className="steps">
          <li>
            <h3>{t('home.how.write.title')}</h3>
            <p>{t('home.how.write.text')}</p>
          </li>
          <li>
            <h3>{t('home.how.review.title')}</h3>
            <p>{t('home.how.review.text')}</p>
          </li>
          <li>
            <h3>{t('home.how.publish.title')}</h3>
            <p>{t('home.how.publish.text')}</p>
          </li>
        </ol>
      </Section>
      {first !== undefined && (
        <>
          <Needs dataset={first} />
          <LoadingLines dataset={first} />
        </>
      )}
    </>
  );
}
