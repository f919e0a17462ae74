import { PageHeader } from '../../components/page-header.tsx';
import { DatasetList } from '../../features/datasets/components/dataset-list.tsx';
import { useT } from '../../lib/i18n/i18n.ts';

/** Every dataset of the deployment. */
export default function DatasetsPage() {
  const t = useT();
  return (
    <>
      <PageHeader title={t('datasets.page')} standfirst={t('datasets.standfirst')} />
      <DatasetList />
    </>
  );
}
