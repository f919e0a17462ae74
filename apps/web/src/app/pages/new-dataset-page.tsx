import { useNavigate } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { paths } from '../../config/paths.ts';
import { NewDatasetForm } from '../../features/editor/components/new-dataset-form.tsx';
import { useT } from '../../lib/i18n/i18n.ts';

/** Where a dataset begins. */
export default function NewDatasetPage() {
  const t = useT();
  const navigate = useNavigate();
  return (
    <>
      <PageHeader
        title={t('editor.new')}
        standfirst={t('editor.newStandfirst')}
        actions={<LinkButton to={paths.admin.to()}>{t('editor.back')}</LinkButton>}
      />
      <NewDatasetForm onCreated={({ slug }) => void navigate(paths.editDataset.to(slug))} />
    </>
  );
}
