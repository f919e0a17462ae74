import { Navigate, useNavigate, useParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { paths } from '../../config/paths.ts';
import { CategoryEditor } from '../../features/editor/components/category-editor.tsx';
import { DatasetForm } from '../../features/editor/components/dataset-form.tsx';
import { settingsSections } from '../../features/editor/settings-sections.ts';
import { EstimatePanel } from '../../features/reliability/components/estimate-panel.tsx';
import { PolicyForecast } from '../../features/reliability/components/policy-forecast.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { NotFoundPage } from './not-found-page.tsx';
import { WithDataset } from './with-dataset.tsx';

/** The settings begin with what the dataset is. */
export function FirstSettingsPage() {
  const { slug = '' } = useParams();
  return <Navigate replace to={paths.datasetSettings.to(slug, settingsSections[0])} />;
}

/** Everything an admin decides about a dataset, a section at a time; what was touched is kept from one to the next until it is saved. */
export function DatasetSettingsPage() {
  const t = useT();
  const navigate = useNavigate();
  const { slug = '', section: given } = useParams();
  const section = settingsSections.find((each) => each === given);
  if (section === undefined) return <NotFoundPage />;
  return (
    <WithDataset slug={slug}>
      {(dataset) => (
        <>
          <PageHeader
            title={t('editor.edit')}
            kicker={dataset.title}
            actions={<LinkButton to={paths.admin.to()}>{t('editor.back')}</LinkButton>}
          />
          <DatasetForm
            dataset={dataset}
            section={section}
            onSection={(next) => void navigate(paths.datasetSettings.to(slug, next), { replace: true })}
            categories={
              <Section title={t('editor.categories')}>
                <CategoryEditor dataset={dataset} />
              </Section>
            }
            estimate={
              <Section title={t('reliability.estimate.title')}>
                <EstimatePanel dataset={dataset} />
              </Section>
            }
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
