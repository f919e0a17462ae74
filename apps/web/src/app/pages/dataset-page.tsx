import { useParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { paths } from '../../config/paths.ts';
import { DatasetFacts, DatasetOverview } from '../../features/datasets/components/dataset-overview.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { WithDataset } from './with-dataset.tsx';

/** A dataset's public page. */
export default function DatasetPage() {
  const t = useT();
  const { slug = '' } = useParams();
  return (
    <WithDataset slug={slug}>
      {(dataset) => (
        <>
          <PageHeader
            title={dataset.title}
            kicker={dataset.isDemo ? t('datasets.demo') : t('datasets.page')}
            standfirst={dataset.description}
            actions={
              <>
                <LinkButton to={paths.browse.to({ dataset: slug })}>{t('datasets.browse')}</LinkButton>
                <LinkButton to={paths.snapshots.to(slug)}>{t('datasets.snapshots')}</LinkButton>
                {!dataset.archived && <LinkButton to={paths.openInstructions.to(slug)}>{t('datasets.open')}</LinkButton>}
                {dataset.latestSnapshot !== null && (
                  <LinkButton to={paths.snapshot.to(slug, dataset.latestSnapshot)}>{t('datasets.use')}</LinkButton>
                )}
                {!dataset.archived && (
                  <LinkButton variant="primary" to={paths.write.to(slug)}>
                    {t('datasets.contribute')}
                  </LinkButton>
                )}
              </>
            }
          />
          <div className="with-aside">
            <div>
              {dataset.archived && <Notice>{t('datasets.archivedNotice')}</Notice>}
              <DatasetOverview dataset={dataset} />
            </div>
            <aside aria-label={t('datasets.facts')}>
              <DatasetFacts dataset={dataset} />
            </aside>
          </div>
        </>
      )}
    </WithDataset>
  );
}
