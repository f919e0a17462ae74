import { useParams, useSearchParams } from 'react-router';
import { languageNames } from '@granary/contract';
import { Field, Select } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { OpenInstructionList } from '../../features/entries/components/open-instruction-list.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { WithDataset } from './with-dataset.tsx';

/** Approved instructions that wait for an answer; the filters stand in the address. */
export default function OpenInstructionsPage() {
  const t = useT();
  const { slug = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        if (value === '') before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  return (
    <WithDataset slug={slug}>
      {(dataset) => (
        <>
          <PageHeader title={t('app.open.title')} kicker={dataset.title} standfirst={t('app.open.standfirst')} />
          <div className="cluster filters">
            <Field label={t('app.write.category')}>
              <Select value={search.get('category') ?? ''} onChange={(event) => set('category', event.target.value)}>
                <option value="">{t('app.filter.all')}</option>
                {dataset.categories.map((category) => (
                  <option key={category.slug} value={category.slug}>
                    {category.title}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label={t('app.filter.language')}>
              <Select value={search.get('language') ?? ''} onChange={(event) => set('language', event.target.value)}>
                <option value="">{t('app.filter.all')}</option>
                {dataset.languages.map((language) => (
                  <option key={language} value={language}>
                    {languageNames[language as keyof typeof languageNames] ?? language}
                  </option>
                ))}
              </Select>
            </Field>
          </div>
          <OpenInstructionList
            dataset={dataset}
            category={search.get('category') ?? undefined}
            language={search.get('language') ?? undefined}
          />
        </>
      )}
    </WithDataset>
  );
}
