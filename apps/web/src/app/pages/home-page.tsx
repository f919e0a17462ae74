import { useQuery } from '@tanstack/react-query';
import { LinkButton } from '../../components/button.tsx';
import { useDocumentTitle } from '../../components/document-title.ts';
import { Notice } from '../../components/notice.tsx';
import { Section } from '../../components/section.tsx';
import { paths } from '../../config/paths.ts';
import { Figures } from '../../features/home/components/figures.tsx';
import { LoadingLines } from '../../features/home/components/loading-lines.tsx';
import { Needs } from '../../features/home/components/needs.tsx';
import { Specimen } from '../../features/home/components/specimen.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { useSession } from '../../lib/session.ts';
import '../../features/home/components/home.css';

/** What a stranger sees first: what this is, that it is alive, and what they can do. */
export default function HomePage() {
  const t = useT();
  useDocumentTitle(t('home.title'));
  const { setupNeeded } = useSession();
  const { data } = useQuery(apiQuery(endpoints.datasets.list));
  const open = data?.items.filter(({ archived }) => !archived);
  const first = open?.find(({ isDemo }) => !isDemo) ?? open?.[0];
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
