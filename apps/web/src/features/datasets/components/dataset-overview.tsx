import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { languageNames, type Category, type Dataset } from '@granary/contract';
import { Disclosure } from '../../../components/disclosure.tsx';
import { DescriptionList } from '../../../components/description-list.tsx';
import { Markdown } from '../../../components/markdown.tsx';
import { Meter } from '../../../components/progress.tsx';
import { Section } from '../../../components/section.tsx';
import { Sparkline } from '../../../components/sparkline.tsx';
import { NumberText } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT, type Translate } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import './datasets.css';

/** What a dataset holds, what it still needs, and its rules. */
export function DatasetOverview({ dataset }: { dataset: Dataset }) {
  const t = useT();
  const progress = useQuery(apiQuery(endpoints.datasets.progress, { params: { slug: dataset.slug } }));
  const grown = new Map(progress.data?.categories.map(({ category, approved }) => [category, approved]));
  return (
    <>
      <Section title={t('datasets.categories')}>
        <ul className="dataset-categories">
          {dataset.categories.map((category) => (
            <CategoryRow key={category.slug} dataset={dataset} category={category} grown={grown.get(category.slug) ?? null} />
          ))}
        </ul>
      </Section>
      {dataset.guidelines.trim() !== '' && (
        <Section title={t('datasets.guidelines')}>
          <div className="measure">
            <Markdown text={dataset.guidelines} />
          </div>
        </Section>
      )}
    </>
  );
}

type RowProps = {
  dataset: Dataset;
  category: Category;
  /** Approved pairs week by week; null until that is known. */ grown: number[] | null;
};

function CategoryRow({ dataset, category, grown }: RowProps) {
  const t = useT();
  const locale = useLocale();
  return (
    <li className="dataset-category">
      <div className="dataset-category-head">
        <h3>{category.title}</h3>
        <span className="small cluster gap-3">
          {!dataset.archived && <Link to={paths.write.to(dataset.slug, { category: category.slug })}>{t('datasets.write')}</Link>}
          <Link to={paths.browse.to({ dataset: dataset.slug, category: category.slug })}>{t('datasets.read')}</Link>
        </span>
      </div>
      <Meter
        label={t('datasets.approved')}
        value={category.approved}
        max={Math.max(category.targetCount, 1)}
        detail={t('datasets.ofWaiting', {
          approved: formatNumber(locale, category.approved),
          target: formatNumber(locale, category.targetCount),
          waiting: formatNumber(locale, category.inReview),
        })}
      />
      {grown !== null && category.approved > 0 && (
        <div className="dataset-growth small faint">
          <Sparkline values={grown} goal={category.targetCount} label={growthWords(t, locale, grown)} />
          <span aria-hidden>{growthWords(t, locale, grown)}</span>
        </div>
      )}
      <Disclosure summary={t('datasets.guideline')}>
        <Markdown text={category.guideline} />
      </Disclosure>
    </li>
  );
}

function growthWords(t: Translate, locale: string, grown: readonly number[]): string {
  const n = (grown.at(-1) ?? 0) - (grown[0] ?? 0);
  return t('datasets.growth', { n, count: formatNumber(locale, n), weeks: grown.length });
}

function policyWords(t: Translate, policy: Dataset['policy']): string {
  if (policy.kind === 'fixed') return t('datasets.policyWords', { approvals: policy.approvals, rejections: policy.rejections });
  return t('datasets.policyWeighed', { least: policy.minReviews, most: policy.maxReviews });
}

/** A dataset in facts: for somebody who decides whether to write for it or to train on it. */
export function DatasetFacts({ dataset }: { dataset: Dataset }) {
  const t = useT();
  const locale = useLocale();
  const { policy } = dataset;
  const languages = dataset.languages.map((language) => languageNames[language as keyof typeof languageNames] ?? language);
  return (
    <DescriptionList
      items={[
        { term: t('datasets.licence'), value: dataset.licence },
        {
          term: t('datasets.termsTitle'),
          value: <Link to={paths.terms.to(dataset.slug)}>{t('datasets.version', { n: dataset.termsVersion })}</Link>,
        },
        { term: t('datasets.approved'), value: <NumberText value={dataset.approved} /> },
        { term: t('datasets.inReview'), value: <NumberText value={dataset.inReview} /> },
        { term: t('datasets.contributors'), value: <NumberText value={dataset.contributors} /> },
        { term: t('datasets.languages'), value: new Intl.ListFormat(locale, { type: 'conjunction' }).format(languages) },
        { term: t('datasets.policy'), value: policyWords(t, policy) },
        { term: t('datasets.agreement'), value: <Link to={paths.agreement.to(dataset.slug)}>{t('datasets.agreementLink')}</Link> },
        { term: t('datasets.reviewers'), value: t(policy.openReview ? 'datasets.reviewersAll' : 'datasets.reviewersChosen') },
        dataset.dimensions.length > 0 && {
          term: t('datasets.dimensions'),
          value: new Intl.ListFormat(locale, { type: 'conjunction' }).format(dataset.dimensions.map(({ title }) => title)),
        },
        {
          term: t('datasets.latest'),
          value:
            dataset.latestSnapshot === null ? (
              t('datasets.noSnapshot')
            ) : (
              <Link to={paths.snapshot.to(dataset.slug, dataset.latestSnapshot)}>
                {t('datasets.snapshot', { number: dataset.latestSnapshot })}
              </Link>
            ),
        },
      ]}
    />
  );
}
