import { useParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { Markdown } from '../../components/markdown.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { paths } from '../../config/paths.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { WithDataset } from './with-dataset.tsx';

/** What contributors agree to. */
export default function TermsPage() {
  const t = useT();
  const { slug = '' } = useParams();
  return (
    <WithDataset slug={slug}>
      {(dataset) => (
        <>
          <PageHeader
            title={t('datasets.termsTitle')}
            kicker={`${dataset.title} · ${t('datasets.version', { n: dataset.termsVersion })}`}
            standfirst={t('datasets.termsStandfirst', { licence: dataset.licence })}
            actions={<LinkButton to={paths.dataset.to(slug)}>{t('datasets.back')}</LinkButton>}
          />
          <div className="measure">
            <Markdown text={dataset.terms} />
          </div>
        </>
      )}
    </WithDataset>
  );
}
