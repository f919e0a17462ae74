import { useParams, useSearchParams } from 'react-router';
import { Field, Select } from '../../components/field.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { ContributionWorkspace } from './contribution-workspace.tsx';
import { WithDataset } from './with-dataset.tsx';

/** Writes a new pair, or an instruction for others to answer. */
export default function WritePage() {
  const t = useT();
  const { slug = '' } = useParams();
  const [search] = useSearchParams();
  return (
    <WithDataset slug={slug}>
      {(dataset) => (
        <ContributionWorkspace
          dataset={dataset}
          task={{ kind: 'new' }}
          title={t('app.write.title')}
          kicker={dataset.title}
          category={search.get('category') ?? dataset.categories[0]?.slug}
          categoryChoice={(category, choose) => (
            <Field label={t('app.write.category')}>
              <Select value={category} onChange={(event) => choose(event.target.value)}>
                {dataset.categories.map((each) => (
                  <option key={each.slug} value={each.slug}>
                    {each.title}
                  </option>
                ))}
              </Select>
            </Field>
          )}
        />
      )}
    </WithDataset>
  );
}
