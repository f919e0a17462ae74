import { useParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { paths } from '../../config/paths.ts';
import { CategoryEditor } from '../../features/editor/components/category-editor.tsx';
import { DatasetForm } from '../../features/editor/components/dataset-form.tsx';
import { EstimatePanel } from '../../features/reliability/components/estimate-panel.tsx';
import { PolicyForecast } from '../../features/reliability/components/policy-forecast.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { WithDataset } from './with-dataset.tsx';

/** Everything an admin decides about a dataset. */
export default function EditDatasetPage() {
  const t = useT();
  const { slug = '' } = useParams();
  return (
    <WithDataset slug={slug}>
      {(dataset) => (
        <>
          <PageHeader
            title={t('editor.edit')}
            kicker={dataset.title}
            actions={<LinkButton to={paths.admin.to()}>{t('editor.back')}</LinkButton>}
          />
          <div className="editor">
            <Section title={t('editor.categories')}>
              <CategoryEditor dataset={dataset} />
            </Section>
            <Section title={t('reliability.estimate.title')}>
              <EstimatePanel dataset={dataset} />
            </Section>
          </div>
          <DatasetForm
            dataset={dataset}
            forecast={(policy) => (
              <Disclosure lazy summary={t('reliability.forecast.title')}>
                <PolicyForecast dataset={dataset} policy={policy} />
              </Disclosure>
            )}
          />
        </>
      )}
    </WithDataset>
  );
}
