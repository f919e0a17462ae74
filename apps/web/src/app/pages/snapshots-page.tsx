import { useParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { paths } from '../../config/paths.ts';
import { SnapshotList } from '../../features/snapshots/components/snapshot-list.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { useSession } from '../../lib/session.ts';
import { WithDataset } from './with-dataset.tsx';

/** The snapshots of a dataset. */
export default function SnapshotsPage() {
  const t = useT();
  const { slug = '' } = useParams();
  const { can } = useSession();
  return (
    <WithDataset slug={slug}>
      {(dataset) => (
        <>
          <PageHeader
            title={t('snapshots.page')}
            kicker={dataset.title}
            standfirst={t('snapshots.standfirst')}
            actions={
              <>
                <LinkButton to={paths.dataset.to(slug)}>{t('snapshots.dataset')}</LinkButton>
                {can('snapshots:publish') && (
                  <LinkButton variant="primary" to={paths.publish.to(slug)}>
                    {t('snapshots.publish')}
                  </LinkButton>
                )}
              </>
            }
          />
          <SnapshotList slug={slug} />
        </>
      )}
    </WithDataset>
  );
}
