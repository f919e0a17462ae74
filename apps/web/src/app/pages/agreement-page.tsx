import { useParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { paths } from '../../config/paths.ts';
import { AgreementView } from '../../features/reliability/components/agreement-view.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { WithDataset } from './with-dataset.tsx';

/** How well the reviewers of a dataset agree. */
export default function AgreementPage() {
  const t = useT();
  const { slug = '' } = useParams();
  return (
    <WithDataset slug={slug}>
      {(dataset) => (
        <>
          <PageHeader
            title={t('reliability.agreement.title')}
            kicker={dataset.title}
            standfirst={t('reliability.agreement.standfirst')}
            actions={<LinkButton to={paths.dataset.to(slug)}>{t('datasets.back')}</LinkButton>}
          />
          <AgreementView dataset={dataset} />
        </>
      )}
    </WithDataset>
  );
}
