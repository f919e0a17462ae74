import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { paths } from '../../config/paths.ts';
import { ImportList } from '../../features/imports/components/import-list.tsx';
import { UploadArea } from '../../features/imports/components/upload-area.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQueryKey } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { WithDataset } from './with-dataset.tsx';

/** Where files go into a dataset. */
export default function ImportsPage() {
  const t = useT();
  const { slug = '' } = useParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  return (
    <WithDataset slug={slug}>
      {(dataset) => (
        <>
          <PageHeader
            title={t('imports.title')}
            kicker={dataset.title}
            standfirst={t('imports.standfirst')}
            actions={<LinkButton to={paths.dataset.to(slug)}>{t('imports.dataset')}</LinkButton>}
          />
          <Section title={t('imports.upload')}>
            <UploadArea
              slug={slug}
              onUploaded={({ id }) => {
                void client.invalidateQueries({ queryKey: apiQueryKey(endpoints.imports.list) });
                void navigate(paths.import.to(id));
              }}
            />
          </Section>
          <Section title={t('imports.list')}>
            <ImportList slug={slug} />
          </Section>
        </>
      )}
    </WithDataset>
  );
}
